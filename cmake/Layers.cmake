# ktx_constant_work(<target>): what the target does takes the same however large a model or a result is. With -Og it is
# compiled in 0.6 of the time; the three that come after it are cheap, and win half of what it loses.
function(ktx_constant_work target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(flags -Og -finline-small-functions -finline-functions-called-once -ftree-sra)
    target_compile_options(${target} PRIVATE "$<$<CONFIG:RelWithDebInfo>:${flags}>")
  endif()
endfunction()

# ktx_layer(<name> SOURCES … [USES <layer or library>…] [PRIVATE <library>…] [CONSTANT_WORK])
#
# A layer is a static library with an include path of its own. A layer sees only the headers of what
# it USES, so an include that points the wrong way does not compile.
function(ktx_layer name)
  cmake_parse_arguments(LAYER "CONSTANT_WORK" "" "SOURCES;USES;PRIVATE" ${ARGN})
  if(NOT LAYER_SOURCES) # headers only
    add_library(ktx_${name} INTERFACE)
    add_library(ktx::${name} ALIAS ktx_${name})
    target_include_directories(ktx_${name} INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}/include")
    target_link_libraries(ktx_${name} INTERFACE ${LAYER_USES})
    return()
  endif()
  add_library(ktx_${name} STATIC ${LAYER_SOURCES})
  add_library(ktx::${name} ALIAS ktx_${name})
  target_include_directories(ktx_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/include")
  target_link_libraries(
    ktx_${name}
    PUBLIC ${LAYER_USES}
    PRIVATE ktx_standard ${LAYER_PRIVATE})
  if(LAYER_CONSTANT_WORK)
    ktx_constant_work(ktx_${name})
  endif()
endfunction()

# ktx_executable(<target> SOURCES … USES …): a program that exports none of its symbols and carries
# its own C++ runtime, so that it starts on a machine with an older one.
function(ktx_executable target)
  cmake_parse_arguments(EXE "" "" "SOURCES;USES" ${ARGN})
  add_executable(${target} ${EXE_SOURCES})
  target_link_libraries(${target} PRIVATE ktx_standard ${EXE_USES})
  target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now)
  if(NOT KTX_SANITIZE) # shared libraries must find the sanitizer's malloc and free in the program
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL)
  endif()
endfunction()
