# The CPythons that plugins are built for: one per minor version, 3.11 or newer, with its headers.
#
# KTX_PYTHONS          Python executables to build for. What find-pythons.sh finds when unset.
# KTX_PYBIND11_INCLUDE pybind11's include directory. That of the tools (`make tools`) when unset.
#
# Sets KTX_PYTHON_TAGS ("cp311;cp313") and, per tag, KTX_PYTHON_<tag>_{EXECUTABLE,INCLUDE}.

# Prints "cp313;<include directory>" for a Python that a plugin can be built for, otherwise nothing.
set(_describe_python
    [[
import os, sys, sysconfig
unfit = sysconfig.get_config_var("Py_GIL_DISABLED") or sysconfig.get_config_var("Py_DEBUG")
include = sysconfig.get_path("include")
fit = sys.implementation.name == "cpython" and sys.version_info >= (3, 11) and not unfit
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

_ktx_find_pybind11()
if(KTX_PYTHONS)
  set(_pythons "${KTX_PYTHONS}")
else()
  execute_process(
    COMMAND "${CMAKE_CURRENT_LIST_DIR}/find-pythons.sh"
    OUTPUT_VARIABLE _pythons
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REPLACE "\n" ";" _pythons "${_pythons}")
endif()

set(KTX_PYTHON_TAGS "")
set(_chosen "")
foreach(_python IN LISTS _pythons)
  execute_process(
    COMMAND "${_python}" -I -S -c "${_describe_python}"
    OUTPUT_VARIABLE _description
    ERROR_QUIET
    TIMEOUT 30)
  if(NOT _description MATCHES "^(cp[0-9]+);(.+)$")
    continue()
  endif()
  if(NOT CMAKE_MATCH_1 IN_LIST KTX_PYTHON_TAGS)
    list(APPEND KTX_PYTHON_TAGS "${CMAKE_MATCH_1}")
    list(APPEND _chosen "${_python}")
    set(KTX_PYTHON_${CMAKE_MATCH_1}_EXECUTABLE "${_python}")
    set(KTX_PYTHON_${CMAKE_MATCH_1}_INCLUDE "${CMAKE_MATCH_2}")
  endif()
endforeach()
if(NOT KTX_PYTHON_TAGS)
  message(FATAL_ERROR "No CPython 3.11 or newer with its headers was found. Install one (python3-dev, or "
                      "pyenv), or set KTX_PYTHONS to a list of Python executables")
endif()
if(KTX_SANITIZE) # the newest stands for all: what differs between them is CPython
  list(GET KTX_PYTHON_TAGS 0 KTX_PYTHON_TAGS)
endif()
set(KTX_PYTHONS "${_chosen}" CACHE STRING "Python executables to build plugins for")
message(STATUS "Interpreter plugins: ${KTX_PYTHON_TAGS}")
