# One place for what every target is compiled with; targets add nothing of their own.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Nothing is visible to extension modules unless it is marked so: a Python package that carries its
# own OpenSSL or SQLite must never bind to ours.
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# Lines and names of functions, which is what a stack trace shows. Types and variables too take a fifth of the build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC collects its garbage first at 256 MB; by itself it begins far below, and spends a twentieth of its time on that.
  string(APPEND CMAKE_CXX_FLAGS_RELWITHDEBINFO " --param=ggc-min-heapsize=262144")
endif()
# Each layer is one source, so that its headers are parsed once. For a build in which one file is edited again and
# again, -DCMAKE_UNITY_BUILD_BATCH_SIZE=4 compiles less of it anew.
if(NOT DEFINED CMAKE_UNITY_BUILD_BATCH_SIZE)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 0)
endif()

set(KTX_TOOLS_DIR "${CMAKE_SOURCE_DIR}/build/tools/venv/bin" CACHE PATH "Folder of the locked Python tools")
option(KTX_BUILD_TESTS "Build the tests" ON)
option(KTX_BUILD_FUZZERS "Build the fuzz targets, with a Clang that has libFuzzer" OFF)
option(KTX_ANALYSE "Write the sources that clang-tidy reads" OFF)
option(KTX_WERROR "Treat warnings as errors" OFF)
set(KTX_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them; none when empty")

# The package root: bin/ktx finds ../assets and ../plugins relative to itself, here as when installed.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(KTX_PLUGIN_DIR "${CMAKE_BINARY_DIR}/plugins")
set(KTX_ASSET_DIR "${CMAKE_BINARY_DIR}/assets/python")

find_program(KTX_CCACHE ccache)
if(KTX_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # So that another clone finds what this one compiled.
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${KTX_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
endif()

add_library(ktx_standard INTERFACE)

# For programs that only test: a faster linker, where there is one. What users run is linked by the system's own, for a
# ktx linked by mold 1.10 needed 1.4 times the instructions to start.
include(CheckLinkerFlag)
foreach(linker IN ITEMS mold lld)
  find_program(KTX_LINKER_${linker} NAMES ld.${linker})
  if(KTX_LINKER_${linker} AND NOT KTX_TEST_LINKER_OPTION)
    check_linker_flag(CXX "-fuse-ld=${linker}" KTX_LINKS_WITH_${linker})
    if(KTX_LINKS_WITH_${linker})
      set(KTX_TEST_LINKER_OPTION "-fuse-ld=${linker}")
    endif()
  endif()
endforeach()

if(KTX_SANITIZE)
  target_compile_options(ktx_standard INTERFACE -fsanitize=${KTX_SANITIZE}
                                                -fno-sanitize-recover=all -fno-omit-frame-pointer
                                                -g1) # a stack trace needs no more, and it builds faster
  target_link_options(ktx_standard INTERFACE -fsanitize=${KTX_SANITIZE})
endif()
