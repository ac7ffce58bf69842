# The CPythons that plugins are built for: one of each minor version that pythons.sh lists, with its headers.
#
# KTX_PYTHONS          Python executables to build for, instead of those that find-pythons.sh finds.
# KTX_PYBIND11_INCLUDE pybind11's include directory. That of the tools (`make tools`) when unset.
#
# Sets KTX_PYTHON_MINORS ("3.11;3.12", all that there should be), KTX_MISSING_PYTHONS (those of them without a plugin),
# KTX_PYTHON_TAGS ("cp313;cp311", the newest first), KTX_PYTHON_FIRST_TAG (the newest that ktx finds on this machine by
# itself, for it was not fetched), KTX_PYTHONS_FOLDER (where fetched ones are) and, per tag,
# KTX_PYTHON_<tag>_{EXECUTABLE,INCLUDE}.

# Prints "cp313;<include directory>" for a Python that a plugin can be built for, otherwise nothing.
set(_describe_python
    [[
import os, sys, sysconfig
unfit = sysconfig.get_config_var("Py_GIL_DISABLED") or sysconfig.get_config_var("Py_DEBUG")
include = sysconfig.get_path("include")
fit = sys.implementation.name == "cpython" and "%d.%d" % sys.version_info[:2] in sys.argv[1:] and not unfit
if fit and os.path.exists(os.path.join(include, "Python.h")):
    print("cp%d%d;%s" % (*sys.version_info[:2], include), end="")
]])

function(_ktx_find_pybind11)
  file(GLOB found "${KTX_TOOLS_DIR}/../lib/python*/site-packages/pybind11/include")
  if(NOT KTX_PYBIND11_INCLUDE AND found)
    list(GET found 0 first)
    set(KTX_PYBIND11_INCLUDE "${first}" CACHE PATH "pybind11's include directory" FORCE)
  endif()
  if(NOT EXISTS "${KTX_PYBIND11_INCLUDE}/pybind11/pybind11.h")
    message(FATAL_ERROR "pybind11 3.1 is needed to build the interpreter plugins. Run `make prerequisites`, "
                        "or set KTX_PYBIND11_INCLUDE to the folder that holds pybind11/pybind11.h")
  endif()
endfunction()

# Sets KTX_FOUND_PYTHONS. Asking them all takes a second, so it is done again only while one is missing, or when the list
# or what was fetched has changed.
function(_ktx_find_pythons)
  get_filename_component(tools "${KTX_TOOLS_DIR}/../.." ABSOLUTE)
  file(GLOB fetched "${tools}/pythons/*/bin/python3")
  set(found_for "${KTX_PYTHON_MINORS};${fetched}")
  list(LENGTH KTX_PYTHON_MINORS wanted)
  list(LENGTH KTX_FOUND_PYTHONS there)
  if(there LESS wanted OR NOT KTX_FOUND_PYTHONS_FOR STREQUAL found_for)
    execute_process(
      COMMAND "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/find-pythons.sh" "${tools}"
      OUTPUT_VARIABLE found
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REPLACE "\n" ";" found "${found}")
    set(KTX_FOUND_PYTHONS "${found}" CACHE INTERNAL "Python executables that were found")
    set(KTX_FOUND_PYTHONS_FOR "${found_for}" CACHE INTERNAL "Minor versions and fetched Pythons that they were found for")
  endif()
  set(KTX_PYTHONS_FOLDER "${tools}/pythons" PARENT_SCOPE)
endfunction()

_ktx_find_pybind11()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/python/pyproject.toml")
execute_process(
  COMMAND "${CMAKE_CURRENT_LIST_DIR}/pythons.sh"
  OUTPUT_VARIABLE KTX_PYTHON_MINORS
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" KTX_PYTHON_MINORS "${KTX_PYTHON_MINORS}")
_ktx_find_pythons()
if(KTX_PYTHONS)
  set(_pythons "${KTX_PYTHONS}")
else()
  set(_pythons "${KTX_FOUND_PYTHONS}")
endif()

set(KTX_PYTHON_TAGS "")
set(KTX_PYTHON_FIRST_TAG "")
foreach(_python IN LISTS _pythons)
  execute_process(
    COMMAND "${_python}" -I -S -c "${_describe_python}" ${KTX_PYTHON_MINORS}
    OUTPUT_VARIABLE _description
    ERROR_QUIET
    TIMEOUT 30)
  if(NOT _description MATCHES "^(cp[0-9]+);(.+)$")
    continue()
  endif()
  if(NOT CMAKE_MATCH_1 IN_LIST KTX_PYTHON_TAGS)
    list(APPEND KTX_PYTHON_TAGS "${CMAKE_MATCH_1}")
    set(KTX_PYTHON_${CMAKE_MATCH_1}_EXECUTABLE "${_python}")
    set(KTX_PYTHON_${CMAKE_MATCH_1}_INCLUDE "${CMAKE_MATCH_2}")
    if(NOT KTX_PYTHON_FIRST_TAG AND NOT _python MATCHES "^${KTX_PYTHONS_FOLDER}/")
      set(KTX_PYTHON_FIRST_TAG "${CMAKE_MATCH_1}")
    endif()
  endif()
endforeach()
list(JOIN KTX_PYTHON_MINORS ", " _minors)
if(NOT KTX_PYTHON_TAGS)
  message(FATAL_ERROR "No CPython ${_minors} with its headers was found. Install one (python3-dev, or pyenv), or set "
                      "KTX_PYTHONS to a list of Python executables")
endif()
set(KTX_MISSING_PYTHONS "")
foreach(_minor IN LISTS KTX_PYTHON_MINORS)
  string(REPLACE "." "" _tag "cp${_minor}")
  if(NOT _tag IN_LIST KTX_PYTHON_TAGS)
    list(APPEND KTX_MISSING_PYTHONS "${_minor}")
  endif()
endforeach()
if(KTX_MISSING_PYTHONS)
  list(JOIN KTX_MISSING_PYTHONS ", " _minors)
  message(STATUS "No plugin for CPython ${_minors}, which was not found with its headers and its shared library: no "
                  "packages are made. Install it (pyenv with PYTHON_CONFIGURE_OPTS=--enable-shared), or run "
                  "`make pythons`, then configure anew")
endif()
if(NOT KTX_PYTHON_FIRST_TAG)
  list(GET KTX_PYTHON_TAGS 0 KTX_PYTHON_FIRST_TAG)
endif()
if(KTX_SANITIZE) # one stands for all: what differs between them is CPython
  set(KTX_PYTHON_TAGS "${KTX_PYTHON_FIRST_TAG}")
endif()
message(STATUS "Interpreter plugins: ${KTX_PYTHON_TAGS}")
