# One image for every process of an installation; docker-compose.yml says which does what.
FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/runtime.lock /tmp/runtime.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r /tmp/runtime.lock

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    UPLINE_HOME=/var/lib/upline \
    STATIC_DIR=/opt/static
RUN useradd --system --uid 10001 --home-dir /var/lib/upline --create-home upline
COPY --from=packages /opt/venv /opt/venv
COPY . /opt/upline
WORKDIR /opt/upline
# Reading the settings needs values; none of these stays in the image or reaches anything.
RUN SECRET_KEY=only-for-collecting-the-static-files-while-the-image-is-built \
    ALLOWED_HOSTS=build DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input
USER upline
VOLUME /var/lib/upline
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "mlm.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
