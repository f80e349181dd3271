#!/usr/bin/env bash
# Installs what the tests need, then builds and runs them; warnings are errors (Package.swift).
set -euo pipefail
cd "$(dirname "$0")/.."
if ! pkg-config --exists gsl sqlite3 || ! command -v sqlite3 >/dev/null; then
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq libgsl-dev libsqlite3-dev sqlite3 pkg-config
fi
swift build --build-tests --explicit-target-dependency-import-check error
swift test --skip-build
