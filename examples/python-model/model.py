"""A model for Colloquy's sequencer, or for any sequencer that speaks its datagrams. Python's standard library is all it needs.

    python3 model.py [port to hear on] [port to reply to]

It shouts what comes after "shout", and leaves everything else to other models. Change `answer` to make it yours.
"""

import json
import socket
import sys
import time

HEAR = int(sys.argv[1]) if len(sys.argv) > 1 else 5001
REPLY_TO = ("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 5000)


def answer(prompt, history):
    """The answer, if and only if the prompt is ours; else None. `history` has the newest exchange first."""
    command, _, words = prompt.strip().partition(" ")
    return words.upper() if command.lower() == "shout" else None


def fits(reply, text, field, limit):
    """The reply as bytes, its text shortened until it fits: who reads 1024 bytes loses all of a longer one."""
    while True:
        data = json.dumps({**reply, field: text}, ensure_ascii=False).encode(errors="replace")
        if len(data) <= limit or not text:
            return data
        text = text[: min(len(text) - 1, len(text) * limit // len(data))]


def main():
    ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ours.bind(("", HEAR))
    name = f"Shouter-{ours.getsockname()[1]}"
    print(f"{name} hears prompts and replies to port {REPLY_TO[1]}", flush=True)
    while True:
        try:
            heard = json.loads(ours.recv(65536))
            prompt = heard.get("message", heard.get("current_prompt"))
        except (ValueError, AttributeError):
            continue  # not for us, whatever it was
        if not isinstance(prompt, str) or heard.get("sender") == name:
            continue  # our own words, or a sequencer telling us that another model answered
        text = answer(prompt, heard.get("history", []))
        # A sequencer that sends an id takes it back, with as much as a datagram holds, and likes to hear a no.
        reply = {"id": heard["id"], "sender": name} if "id" in heard else {"sender": name}
        if text is None:
            if "id" in heard:
                ours.sendto(json.dumps({**reply, "decline": True}).encode(), REPLY_TO)
            continue
        if "current_prompt" in heard:
            reply, field = {**reply, "sysbool": True}, "work_summary"
        else:
            reply, field = {**reply, "sysbool": "True", "timestamp": time.strftime("%H:%M:%S")}, "message"
        ours.sendto(fits(reply, text, field, 60000 if "id" in heard else 1024), REPLY_TO)


main()
