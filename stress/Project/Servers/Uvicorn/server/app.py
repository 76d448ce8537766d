from pathlib import Path
from urllib.parse import parse_qsl

from server import protocol

SOURCES = protocol.Sources(Path(__file__).resolve().parent.parent, '.py')


async def app(scope, receive, send):
    status, text = answer(scope['path'], dict(parse_qsl(scope['query_string'].decode())))
    await send({'type': 'http.response.start', 'status': status, 'headers': [(b'content-type', b'text/plain')]})
    await send({'type': 'http.response.body', 'body': text.encode()})


def answer(path, wanted):
    if path == '/':
        return 200, SOURCES.page()
    if path == '/manifest':
        return 200, SOURCES.manifest
    if path.startswith('/fault/'):
        protocol.begin(path[len('/fault/'):], wanted)
        return 204, ''
    return 404, ''
