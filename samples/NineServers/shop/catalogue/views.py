from django.http import HttpResponse

from catalogue.models import Article


def index(request):
    return HttpResponse(f"shop: {Article.objects.count()} articles\n")
