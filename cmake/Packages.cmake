# `cmake --install` lays out what is shipped below a prefix, and `make package` makes every kind of package of one such
# tree: bin/ktx finds ../plugins and ../assets relative to itself.
set(CMAKE_INSTALL_MESSAGE NEVER)

set(shipped_targets ktx_shipped)
foreach(tag IN LISTS KTX_PYTHON_TAGS)
  list(APPEND shipped_targets ktx_shipped_plugin_${tag})
endforeach()

install(TARGETS ktx_shipped RUNTIME DESTINATION bin)
foreach(tag IN LISTS KTX_PYTHON_TAGS)
  install(TARGETS ktx_shipped_plugin_${tag} LIBRARY DESTINATION plugins)
endforeach()
install(DIRECTORY "${CMAKE_BINARY_DIR}/assets" DESTINATION .)
# Manual pages and completions.
install(DIRECTORY "${CMAKE_BINARY_DIR}/share/" DESTINATION share)
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" "${CMAKE_CURRENT_LIST_DIR}/packages/copyright" DESTINATION share/doc/ktx)

# What a user has decides which plugin they need: a package without one would be found out by those who have that Python.
if(KTX_MISSING_PYTHONS)
  list(JOIN KTX_MISSING_PYTHONS ", " missing)
  add_custom_target(
    ktx_packages
    COMMAND "${CMAKE_COMMAND}" -E echo "No packages are made: there is no plugin for CPython ${missing}. Install it with its \
headers and its shared library, or run make pythons, then configure anew."
    COMMAND "${CMAKE_COMMAND}" -E false
    VERBATIM)
  return()
endif()

set(package_tree "${CMAKE_BINARY_DIR}/package/tree")
set(package_folder "${CMAKE_BINARY_DIR}/packages")
file(GLOB_RECURSE package_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/packages/*")
add_custom_command(
  OUTPUT "${package_folder}/packages.json"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${package_tree}"
  COMMAND "${CMAKE_COMMAND}" --install "${CMAKE_BINARY_DIR}" --prefix "${package_tree}"
  COMMAND
    "${KTX_TOOLS_DIR}/python" "${CMAKE_CURRENT_LIST_DIR}/packages/make_packages.py" --tree "${package_tree}" --version
    "${PROJECT_VERSION}" --glibc-floor "${KTX_GLIBC_FLOOR}" --out "${package_folder}"
  DEPENDS ${shipped_targets} ktx_assets ktx_share ${package_sources} "${KTX_ASSET_DIR}/manifest.json"
          "${CMAKE_BINARY_DIR}/share/man/man1/ktx.1"
          "${CMAKE_SOURCE_DIR}/LICENSE"
  COMMENT "Packing"
  VERBATIM)
# Tests install what was packed, so a build of everything packs too.
set(with_all "")
if(KTX_BUILD_TESTS AND NOT KTX_SANITIZE)
  set(with_all ALL)
endif()
add_custom_target(ktx_packages ${with_all} DEPENDS "${package_folder}/packages.json")
