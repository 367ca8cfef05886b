# One image for the web, the worker, the beat and the one-shot preparation; the command tells them apart.
FROM python:3.11.14-slim-bookworm AS packages
COPY requirements.lock /
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: -r /requirements.lock

FROM python:3.11.14-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=oversight.settings.prod
RUN useradd --system --uid 10001 --no-create-home oversight
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY oversight ./oversight
COPY cdmos ./cdmos
COPY techtransfer ./techtransfer
COPY batches ./batches
COPY quality ./quality
COPY templates ./templates
COPY static ./static
# The key signs nothing here: collecting static files only needs some value, and none stays in the image.
RUN SECRET_KEY=build python manage.py collectstatic --noinput
# The seals' log and the files are volumes; an empty one takes the owner of the directory that it covers.
RUN mkdir /data /files && chown oversight:oversight /data /files
USER oversight
EXPOSE 8000
CMD ["gunicorn", "oversight.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", "--access-logformat", "%(h)s %(t)s %(m)s %(s)s %(b)s %(L)s"]
