# One image for `dangol serve`, `dangol worker` and `dangol migrate`.
ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /srv/dangol

# The environment that is shipped has no pip in it. What builds the project stays in this stage.
COPY requirements.lock requirements-build.lock ./
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --require-hashes --requirement requirements.lock \
    && python -m pip install --require-hashes --requirement requirements-build.lock

# Installed as an editable project: the migrations lie beside the packages, as in a checkout.
# The bracket makes alembic.ini optional.
COPY pyproject.toml alembic.in[i] ./
COPY migrations migrations/
COPY bots bots/
COPY app app/
COPY docs docs/
RUN hatchling build --target wheel:editable --directory /tmp/wheel \
    && python -m pip --python /opt/venv/bin/python install --no-deps --no-index /tmp/wheel/*.whl \
    && python -m compileall -q app bots migrations

FROM python:${PYTHON}
RUN groupadd --system --gid 10001 dangol \
    && useradd --system --uid 10001 --gid dangol --home-dir /srv/dangol --no-create-home \
        --shell /usr/sbin/nologin dangol
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/dangol /srv/dangol
RUN install --directory --owner=dangol --group=dangol /srv/dangol/var

# Nothing is written outside var/ and /tmp: the root file system may be read-only.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DANGOL_ENVIRONMENT=production
WORKDIR /srv/dangol
USER 10001:10001
VOLUME /srv/dangol/var
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["dangol"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
