"""The daemon package: operations on JSON, for an embedded interpreter, stdin and HTTP."""

PACKAGE_NAME = "ktx-daemon"
VERSION = "0.1.0"
