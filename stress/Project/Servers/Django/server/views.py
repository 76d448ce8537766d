from django.http import HttpResponse

from server import protocol
from server.apps import FOLDER

SOURCES = protocol.Sources(FOLDER, '.py')


def index(request):
    return HttpResponse(SOURCES.page(), content_type='text/plain')


def manifest(request):
    return HttpResponse(SOURCES.manifest, content_type='text/plain')


def fault(request, name):
    protocol.begin(name, request.GET.dict())
    return HttpResponse(status=204)
