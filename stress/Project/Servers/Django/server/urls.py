from django.urls import path

from server import views

urlpatterns = [
    path('', views.index),
    path('manifest', views.manifest),
    path('fault/<str:name>', views.fault),
]
