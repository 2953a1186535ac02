# One image: the built pages and the server. The paths in RUN lines are relative to WORKDIR,
# so that a test can execute them outside of a container (tests/docker).

FROM node:20-bookworm-slim AS pages
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund --loglevel error
COPY contracts /src/contracts
COPY frontend ./
RUN npm run build -- --logLevel error

FROM python:3.11-slim-bookworm
WORKDIR /srv/rapporteur
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONUNBUFFERED=1 \
    RAPPORTEUR_HOME=/srv/rapporteur/data \
    RAPPORTEUR_HOST=0.0.0.0 \
    PORT=8000
COPY requirements-build.lock requirements.lock ./
RUN python3 -m venv .venv && \
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements-build.lock -r requirements.lock
COPY pyproject.toml README.md alembic.ini ./
COPY app app
COPY migrations migrations
RUN .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable . && \
    .venv/bin/python -m compileall -q app migrations && \
    install -d -m 1777 data
COPY --from=pages /src/frontend/dist frontend/dist
USER 10001:10001
VOLUME /srv/rapporteur/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD [".venv/bin/python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
# RAPPORTEUR_WORKERS says how many processes serve; more than one needs DATABASE_URL.
CMD [".venv/bin/rapporteur", "serve"]
