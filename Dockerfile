# One image for every process of the bank; which one runs is the command: `node services/users/src/main.ts`.
#
#   docker build -t florin .
#
# It has Node, the libraries that Node is linked with, the packages of the processes and their sources: no shell, no package
# manager, no dev dependencies. docs/guides/containers.md says how it is run.
# Only what says which packages are needed, so that they are fetched anew when that changes and not with every source.
FROM node:24-bookworm-slim AS manifests
COPY . /florin
RUN find /florin -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
  && find /florin -type d -empty -delete

FROM node:24-bookworm-slim AS web
WORKDIR /florin
COPY --from=manifests /florin ./
RUN npm ci --ignore-scripts --workspace=clients/web
COPY . .
RUN node node_modules/vite/bin/vite.js build clients/web

FROM node:24-bookworm-slim AS packages
WORKDIR /florin
COPY --from=manifests /florin ./
# Optional ones are other ways to get what a container has: a Node, and a PostgreSQL for laptops.
RUN npm ci --ignore-scripts --omit=dev --omit=optional \
    --workspace=gateway --workspace=services/users --workspace=services/accounts \
    --workspace=services/transactions --workspace=services/notifications --workspace=platform/certificates \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
COPY . .
RUN rm -rf clients bench tests examples

# Node as the base image has it, and nothing else of that image.
FROM node:24-bookworm-slim AS root
RUN mkdir -p /root-of/usr/local/bin /root-of/etc /root-of/tmp /root-of/run/florin /root-of/var/lib/florin \
  && cp "$(command -v node)" /root-of/usr/local/bin/node \
  && ldd "$(command -v node)" | grep -o '/[^ ]*' | xargs -I{} cp --dereference --parents {} /root-of \
  && echo 'florin:x:10001:10001::/florin:/usr/sbin/nologin' >/root-of/etc/passwd \
  && echo 'florin:x:10001:' >/root-of/etc/group \
  && chmod 1777 /root-of/tmp \
  && for name in home gateway users accounts transactions notifications postgres kafka redis nginx prometheus mail; do \
    mkdir -m 0750 "/root-of/var/lib/florin/$name"; done \
  && chmod 0750 /root-of/run/florin \
  && chown -R 10001:10001 /root-of/run/florin /root-of/var/lib/florin

FROM scratch
ENV PATH=/usr/local/bin NODE_ENV=production
COPY --from=root /root-of /
WORKDIR /florin
COPY --from=packages /florin ./
COPY --from=web /florin/clients/web/dist ./clients/web/dist
USER 10001:10001
# Ready as the process itself says on its internal port, over TLS with its own authority.
HEALTHCHECK --interval=5s --timeout=4s --start-period=90s --retries=3 \
  CMD ["node", "tools/containers/healthy.ts"]
CMD ["node", "gateway/src/main.ts"]
