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

# The demo shop, in build/assets/demo: what `ktx setup demo` makes a project of.
set(KTX_DEMO_SOURCE "${CMAKE_SOURCE_DIR}/docs/demo")
set(KTX_DEMO_DIR "${CMAKE_BINARY_DIR}/assets/demo")
file(GLOB_RECURSE KTX_DEMO_FILES CONFIGURE_DEPENDS "${KTX_DEMO_SOURCE}/*.yaml" "${KTX_DEMO_SOURCE}/*.md"
     "${KTX_DEMO_SOURCE}/*.sql")
add_custom_command(
  OUTPUT "${KTX_DEMO_DIR}/ktx.yaml"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${KTX_DEMO_DIR}"
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${KTX_DEMO_SOURCE}/semantic-layer" "${KTX_DEMO_DIR}/semantic-layer"
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${KTX_DEMO_SOURCE}/wiki" "${KTX_DEMO_DIR}/wiki"
  COMMAND "${CMAKE_COMMAND}" -E copy "${KTX_DEMO_SOURCE}/shop.sql" "${KTX_DEMO_SOURCE}/ktx.yaml" "${KTX_DEMO_DIR}"
  COMMAND "${CMAKE_COMMAND}" -E touch "${KTX_DEMO_DIR}/ktx.yaml"
  DEPENDS ${KTX_DEMO_FILES}
  COMMENT "Laying out the demo"
  VERBATIM)
add_custom_target(ktx_assets ALL DEPENDS "${KTX_ASSET_DIR}/manifest.json" "${KTX_DEMO_DIR}/ktx.yaml")
