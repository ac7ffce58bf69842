# What is shipped is linked so that it starts on older systems than the one that builds it: against stubs that hold
# no symbol newer than KTX_GLIBC_FLOOR, with stand-ins for what glibc offers only since (docs/packaging.md).
set(default_floor "")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(default_floor "2.28")
endif()
set(KTX_GLIBC_FLOOR "${default_floor}" CACHE STRING "Oldest glibc that the packages start on; that of this machine when empty")

set(stub_folder "${CMAKE_BINARY_DIR}/portable")
set(stub_maker "${CMAKE_CURRENT_LIST_DIR}/portable/glibc_stubs.py")
if(KTX_GLIBC_FLOOR AND NOT KTX_SANITIZE)
  add_custom_command(
    OUTPUT "${stub_folder}/libc.so"
    COMMAND "${KTX_TOOLS_DIR}/python" "${stub_maker}" --compiler "${CMAKE_C_COMPILER}" --floor "${KTX_GLIBC_FLOOR}" --out
            "${stub_folder}"
    DEPENDS "${stub_maker}"
    COMMENT "Writing the link stubs of glibc ${KTX_GLIBC_FLOOR}"
    VERBATIM)
  add_custom_target(ktx_glibc_stubs DEPENDS "${stub_folder}/libc.so")
  add_library(ktx_glibc_compat OBJECT EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/portable/glibc_compat.c")
  add_library(ktx_glibc_start OBJECT EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/portable/glibc_start.c")
  target_compile_options(ktx_glibc_compat PRIVATE -Wall -Wextra)
  target_compile_options(ktx_glibc_start PRIVATE -Wall -Wextra)
endif()

# ktx_shipped(<target>): a program or plugin that goes into packages: stripped, and linked for the floor.
function(ktx_shipped target)
  target_link_options(${target} PRIVATE -s)
  set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  if(NOT TARGET ktx_glibc_stubs)
    return()
  endif()
  # By name, for the linker drops a library that gives it no symbol. Older systems have threads and dlopen in these.
  target_link_options(
    ${target} PRIVATE "-L${stub_folder}"
    "LINKER:--push-state,--no-as-needed,-l:libpthread.so.0,-l:libdl.so.2,--pop-state")
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:ktx_glibc_compat>)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:ktx_glibc_start>)
    target_link_options(${target} PRIVATE LINKER:--wrap=__libc_start_main)
  endif()
  add_dependencies(${target} ktx_glibc_stubs)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${stub_folder}/libc.so")
endfunction()
