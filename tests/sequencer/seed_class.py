"""The sequencer that exists: its class, typed after its document, and a few lines that drive it.

Usage: seed_class.py <listen port> <broadcast port> ...
Each line of input is a JSON command: {"broadcast": [message, history]}, {"drain": true} or {"close": true}.
Where the class says 255.255.255.255, BROADCAST_ADDRESS may name another address, so that tests stay on this machine.
"""

import json
import os
import queue
import socket
import sys
import threading
import time

BROADCAST_ADDRESS = os.environ.get("BROADCAST_ADDRESS", "255.255.255.255")


class BroadcasterListener:
    def __init__(self, broadcast_ports, listen_port):
        self.broadcast_ports = broadcast_ports
        self.listen_port = listen_port
        self.running = True
        self.message_queue = queue.Queue()

        self.broadcast_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.broadcast_socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.broadcast_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        self.listen_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listen_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listen_socket.bind(('', self.listen_port))

        self.listener_thread = threading.Thread(target=self.listen_for_messages)
        self.listener_thread.daemon = True
        self.listener_thread.start()

    def broadcast_message(self, message, history):
        assert isinstance(history, list), 'history is wrongly formatted'
        data = {
            'message': message,
            'history': history,
            'timestamp': time.strftime('%H:%M:%S'),
            'sender': f'Broadcaster-{self.listen_port}'
        }
        encoded_data = json.dumps(data).encode('utf-8')

        try:
            for port in self.broadcast_ports:
                self.broadcast_socket.sendto(encoded_data, (BROADCAST_ADDRESS, port))
                print(f"\nBroadcasted to port {port}: {message}")
        except Exception as e:
            print(f"\nError broadcasting message: {e}")

    def print_received_message(self, addr, received_data):
        print(f"\nReceived from {addr}: {received_data['message']}")
        print(f"Timestamp: {received_data['timestamp']}")
        print(f"Sender: {received_data['sender']}")
        print(f"sysbool: {received_data['sysbool']}")
        print("\nEnter message to broadcast (or 'quit' to exit): ", end='', flush=True)

        self.message_queue.put(received_data)

    def listen_for_messages(self):
        print(f"Listening for messages on port {self.listen_port}...")
        while self.running:
            try:
                data, addr = self.listen_socket.recvfrom(1024)
                received_data = json.loads(data.decode('utf-8'))
                print_thread = threading.Thread(
                    target=self.print_received_message,
                    args=(addr, received_data)
                )
                print_thread.start()
            except json.JSONDecodeError:
                print(f"\nReceived malformed data from {addr}")
            except Exception as e:
                if self.running:
                    print(f"\nError while listening: {e}")

    def get_received_messages(self):
        messages = []
        while not self.message_queue.empty():
            messages.append(self.message_queue.get())
        return messages

    def close(self):
        self.running = False
        self.broadcast_socket.close()
        self.listen_socket.close()


def say(value):
    # In one write, for the class's threads print whenever they like.
    os.write(1, f'\n@{json.dumps(value)}\n'.encode('utf-8'))


if __name__ == '__main__':
    sequencer = BroadcasterListener([int(port) for port in sys.argv[2:]], int(sys.argv[1]))
    say({'ready': True})
    for line in sys.stdin:
        command = json.loads(line)
        if 'broadcast' in command:
            sequencer.broadcast_message(*command['broadcast'])
        elif 'drain' in command:
            say({'messages': sequencer.get_received_messages()})
        else:
            sequencer.close()
            break
