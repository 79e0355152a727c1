#!/bin/sh
# Install two public CyberTipline clients, which this project did not write, into build/clients (ignored by git).
# The one needs npm. The other needs Python 3.13 to run; any Python with pip fetches it. What is missing is passed over.
# tests/integration/test_public_clients.py then runs them, and says why where it cannot.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)/build/clients
mkdir -p "$here/node" "$here/python"
npm install --prefix "$here/node" --no-audit --no-fund --silent --ignore-scripts cybertipline-tools@0.2.3 \
  || echo "cybertipline-tools was not installed"
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --upgrade --target "$here/python" \
  --python-version 3.13 --ignore-requires-python --only-binary=:all: ncmec-cybertip==0.1.1 \
  || echo "ncmec-cybertip was not installed"
