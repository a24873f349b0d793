# An image with grab alone: static, not root, with the certificates of authorities.
#   docker build -t grab . && docker run --rm -v "$PWD:/data" -u "$(id -u)" grab urls.txt
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags urfave_cli_no_docs -ldflags "-s -w" -o /root-fs/grab . && \
    mkdir -p /root-fs/etc/ssl/certs /root-fs/tmp /root-fs/data && \
    cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ && \
    chmod 1777 /root-fs/tmp && chown 65532:65532 /root-fs/data

FROM scratch
COPY --from=build /root-fs/ /
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/grab"]
