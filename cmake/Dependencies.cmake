# Everything comes from the system's packages, by name; `make prerequisites` installs them.
# Boost, CLI11 and nlohmann/json are header libraries and count as system headers (no warnings from them).
find_package(Boost 1.81 REQUIRED) # its headers: Beast
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(Threads REQUIRED)

# Linked statically and hidden (see ktx_executable in Layers.cmake), so that a Python package with
# another OpenSSL or SQLite in the same process keeps its own.
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)

function(ktx_static_library target name header)
  find_library(${target}_LIBRARY NAMES lib${name}.a REQUIRED)
  find_path(${target}_INCLUDE NAMES ${header} REQUIRED)
  add_library(${target} STATIC IMPORTED)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${target}_LIBRARY}"
                                             INTERFACE_INCLUDE_DIRECTORIES "${${target}_INCLUDE}")
endfunction()

ktx_static_library(ktx_sqlite3 sqlite3 sqlite3.h)
set_property(TARGET ktx_sqlite3 PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads m ${CMAKE_DL_LIBS})
ktx_static_library(ktx_libyaml yaml yaml.h)
ktx_static_library(ktx_utf8proc utf8proc utf8proc.h)
set_property(TARGET ktx_utf8proc PROPERTY INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC)
