SECRET_KEY = 'known to everybody: it serves one machine for one night'
DEBUG = True
ALLOWED_HOSTS = ['127.0.0.1']
ROOT_URLCONF = 'server.urls'
INSTALLED_APPS = ['server']
MIDDLEWARE = []
DATABASES = {}
USE_TZ = True

# No log line per request: there are requests all night.
LOGGING = {'version': 1, 'disable_existing_loggers': False, 'loggers': {'django.server': {'level': 'ERROR'}}}
