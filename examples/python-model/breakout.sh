#!/bin/sh
printf %s "$*" | nc -w 2 "${BREAKOUT_HOST:-127.0.0.1}" "${BREAKOUT_PORT:-65000}"
