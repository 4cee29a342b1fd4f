"""
A client as existing ones are, on python-socketio and nothing of ours: on every connect it looks for its chat, creates the room
and joins it, after a reconnect with `join_room {}`, and each time waits for the answers whose names carry the ids.
Says what it hears and how far it is as lines of JSON after an @; does what it is told on its standard input.
"""

import asyncio
import json
import sys

import socketio

NAMESPACE = "/assistant/realtime"
options = json.loads(sys.argv[1])
chat = options["chat"]
sio = socketio.AsyncClient(reconnection_attempts=5, reconnection_delay=0.2, randomization_factor=0)
waiting = {}
room = None


def say(**what):
    print("@" + json.dumps(what), flush=True)


async def ask(event, payload, answer, refusal):
    """Emits and waits for one of two events; gives the name of the one that came, and its payload."""
    answered = asyncio.get_running_loop().create_future()
    waiting[answer] = waiting[refusal] = answered
    await sio.emit(event, payload, namespace=NAMESPACE)
    return await asyncio.wait_for(answered, 20)


async def enter():
    global room
    found, data = await ask("find_chat", {"chat_id": chat}, f"room_found {chat}", f"room_not_found {chat}")
    steps = [found]
    if room is not None or data["room_id"] is None:
        wish = {"chat_id": chat, "model_api_source": "aisuite", "model_id": options["model"]}
        created, data = await ask("create_room", wish, f"room_created {chat}", f"room_error {chat}")
        steps.append(created)
    again = room is not None
    # A page that comes back waits for the room that it was in before.
    room = room or data["room_id"]
    wish = {} if again else {"room_id": room}
    joined, _ = await ask("join_room", wish, f"room_joined {room}", f"room_join_error {room}")
    say(inside=room, again=again, steps=[*steps, joined])


@sio.on("connect", namespace=NAMESPACE)
async def connected():
    sio.start_background_task(enter)


@sio.on("disconnect", namespace=NAMESPACE)
async def disconnected(reason):
    say(disconnected=reason)


@sio.on("connect_error", namespace=NAMESPACE)
async def refused(data):
    say(refused=data)


@sio.on("*", namespace=NAMESPACE)
async def heard(event, *args):
    say(event=event, args=args)
    answered = waiting.pop(event, None)
    if answered is not None and not answered.done():
        answered.set_result((event, args[0]))


async def obey():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        if command["do"] == "emit":
            await sio.emit(command["event"], command["payload"], namespace=NAMESPACE)
        elif command["do"] == "call":
            acknowledged = await sio.call(command["event"], command["payload"], namespace=NAMESPACE)
            say(acknowledged=acknowledged)
        else:
            await sio.disconnect()
            return


def cookies():
    """Made anew for each connection: the client takes a cookie out of the headers that it was given."""
    return {"Cookie": f"session_id=none; access_token={options['token']}"}


async def main():
    try:
        await sio.connect(
            options["url"],
            headers=cookies,
            namespaces=[NAMESPACE],
            transports=options["transports"],
            socketio_path=options["path"],
        )
    except socketio.exceptions.ConnectionError as error:
        say(not_connected=str(error))
        return
    await obey()


asyncio.run(main())
