# The wheel, its locked requirements and the asset manifest, laid out in build/assets/python, where ktx
# looks for them relative to itself. Needs the tools of `make tools`.

file(GLOB KTX_LOCKS CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/requirements/*.lock")
file(GLOB_RECURSE KTX_WHEEL_SOURCES CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/python/src/*.py"
     "${CMAKE_SOURCE_DIR}/python/src/*.typed")
add_custom_command(
  OUTPUT "${KTX_ASSET_DIR}/manifest.json"
  COMMAND
    "${KTX_TOOLS_DIR}/python" "${CMAKE_SOURCE_DIR}/cmake/bundle.py" --uv "${KTX_TOOLS_DIR}/uv" --source
    "${CMAKE_SOURCE_DIR}/python" --locks "${CMAKE_SOURCE_DIR}/cmake/requirements" --out "${KTX_ASSET_DIR}"
  DEPENDS ${KTX_WHEEL_SOURCES}
          "${CMAKE_SOURCE_DIR}/python/pyproject.toml"
          "${CMAKE_SOURCE_DIR}/python/README.md"
          "${CMAKE_SOURCE_DIR}/cmake/bundle.py"
          ${KTX_LOCKS}
  COMMENT "Bundling the runtime wheel"
  VERBATIM)
add_custom_target(ktx_assets ALL DEPENDS "${KTX_ASSET_DIR}/manifest.json")
