# What clang-tidy reads. It spends most of its time on the headers of the system, so it is given few sources that
# include many: all layers below host/, and what stands on them. All plugins are of the same sources; those for
# CPython 3.13 and later have headers that clang 16 does not parse. The program of the build that writes share/ has a
# main() of its own, which cannot stand beside that of ktx.

# ktx_analysed(<name> <library to compile it as>… FOLDERS <folder>…): ${CMAKE_BINARY_DIR}/analysed/<name>.cpp, which
# includes every source below the folders.
function(ktx_analysed name)
  cmake_parse_arguments(ANALYSED "" "" "FOLDERS" ${ARGN})
  set(text "")
  foreach(folder IN LISTS ANALYSED_FOLDERS)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.cpp")
    list(FILTER found EXCLUDE REGEX "/share/main\\.cpp$")
    foreach(source IN LISTS found)
      string(APPEND text "#include \"${source}\"\n")
    endforeach()
  endforeach()
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/analysed/${name}.cpp" CONTENT "${text}" @ONLY)
  add_library(ktx_analysed_${name} OBJECT EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/analysed/${name}.cpp")
  set_target_properties(ktx_analysed_${name} PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(ktx_analysed_${name} PRIVATE ktx_standard ${ANALYSED_UNPARSED_ARGUMENTS})
endfunction()

set(layers ktx::commands CLI11::CLI11 Boost::headers OpenSSL::Crypto ktx_sqlite3 ktx_utf8proc ktx_libyaml)
ktx_analysed(host ${layers} FOLDERS host)
target_compile_definitions(ktx_analysed_host PRIVATE OPENSSL_SUPPRESS_DEPRECATED) # as host/util has it
foreach(tag IN ITEMS cp312 cp311)
  if(tag IN_LIST KTX_PYTHON_TAGS AND NOT python)
    set(python "${KTX_PYTHON_${tag}_INCLUDE}")
  endif()
endforeach()
if(python)
  ktx_analysed(front ${layers} FOLDERS cli bindings)
  target_include_directories(ktx_analysed_front SYSTEM PRIVATE "${KTX_PYBIND11_INCLUDE}" "${python}")
else()
  ktx_analysed(front ${layers} FOLDERS cli)
endif()
target_include_directories(ktx_analysed_front PRIVATE "${CMAKE_SOURCE_DIR}/cli/commands")
