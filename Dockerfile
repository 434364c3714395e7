# The web parts: what web/package-lock.json pins, nothing built.
FROM node:20-bookworm-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
COPY --from=web /build/web/node_modules web/node_modules
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libpq5 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /data --shell /usr/sbin/nologin roundtable \
    && install -d -o roundtable -g roundtable -m 0700 /data
COPY --from=build /build/target/release/roundtable /usr/local/bin/roundtable
COPY LICENSE-MIT LICENSE-APACHE THIRD-PARTY.md /usr/share/doc/roundtable/
USER roundtable
WORKDIR /data
VOLUME /data
ENV BIND=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["roundtable"]
CMD ["serve"]
