#!/usr/bin/env bash
# Installs the system libraries (Debian and its kin) where they are missing.
set -euo pipefail
if ! pkg-config --exists gsl sqlite3 zlib || ! command -v sqlite3 >/dev/null; then
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq libgsl-dev libsqlite3-dev sqlite3 zlib1g-dev pkg-config
fi
