"""A model as existing ones are: hears prompts on its port, replies if and only if the prompt is its own.

Usage: seed_node.py '{"port": 0, "reply_to": ["127.0.0.1", 5000], "word": "door", ...}'
`word`: a prompt that contains it is its own. `generation`: 1 or 2. `delay`: seconds until it replies. `text`: what it
replies; without it, what it has read, as JSON. `sysbool`, `sender`: instead of the usual ones.
It knows nothing of ids, reads 1024 bytes (4096 in generation 2), and fails on a datagram that it does not understand.
"""

import json
import socket
import sys
import threading
import time

options = json.loads(sys.argv[1])
generation = options.get('generation', 1)

listen_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listen_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listen_socket.bind(('', options['port']))
port = listen_socket.getsockname()[1]
name = options.get('sender', f'Node-{port}')

broadcast_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
broadcast_socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)


def reply(text):
    time.sleep(options.get('delay', 0))
    sysbool = options.get('sysbool', generation == 2 or 'True')
    data = (
        {'message': text, 'sysbool': sysbool, 'timestamp': time.strftime('%H:%M:%S'), 'sender': name}
        if generation == 1
        else {'sysbool': sysbool, 'sender': name, 'work_summary': text}
    )
    broadcast_socket.sendto(json.dumps(data).encode('utf-8'), tuple(options['reply_to']))


print('@' + json.dumps({'port': port}), flush=True)
while True:
    data, addr = listen_socket.recvfrom(1024 if generation == 1 else 4096)
    heard = json.loads(data.decode('utf-8'))
    if heard['sender'] == name:
        continue
    prompt = heard['message' if generation == 1 else 'current_prompt']
    print('@' + json.dumps({'heard': prompt}), flush=True)
    if options['word'] in prompt:
        text = options.get('text', json.dumps(heard))
        threading.Thread(target=reply, args=(text,), daemon=True).start()
