# How each kind of test is run under CTest. Tests whose label is `nightly` are those of `make nightly`; all others are
# those of `make test`.
set(KTX_RUNNING_DIR "${CMAKE_SOURCE_DIR}/tests/running")

# ktx_test(<name> SOURCES … USES … [ENVIRONMENT …] [PARTS <n>]): one test program; each of its tests is a process of its
# own, so that a test may start an interpreter or break its process. With AddressSanitizer, where starting it takes longer
# than most tests do, it is one process, or so many as it has PARTS. With ThreadSanitizer it is not: death tests fork, and had better have no threads.
function(ktx_test name)
  cmake_parse_arguments(TEST "" "PARTS" "SOURCES;USES;ENVIRONMENT" ${ARGN})
  add_executable(${name}_test ${TEST_SOURCES})
  target_link_libraries(${name}_test PRIVATE ktx_standard ${TEST_USES} GTest::gtest_main)
  target_include_directories(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}/tests/support")
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  # Compiling them takes longer than running them; what they test is optimised.
  target_compile_options(${name}_test PRIVATE -O0)
  target_link_options(${name}_test PRIVATE ${KTX_TEST_LINKER_OPTION})
  if(KTX_SANITIZE MATCHES "address")
    if(NOT TEST_PARTS)
      set(TEST_PARTS 1)
    endif()
    math(EXPR last "${TEST_PARTS} - 1")
    foreach(part RANGE ${last})
      add_test(NAME ${name}.${part} COMMAND ${name}_test)
      set(environment ${TEST_ENVIRONMENT} GTEST_TOTAL_SHARDS=${TEST_PARTS} GTEST_SHARD_INDEX=${part})
      set_tests_properties(${name}.${part} PROPERTIES TIMEOUT 900 ENVIRONMENT "${environment}")
    endforeach()
    return()
  endif()
  gtest_discover_tests(
    ${name}_test
    TEST_PREFIX "${name}."
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 120 ENVIRONMENT "${TEST_ENVIRONMENT}")
endfunction()

# ktx_remembered(<variable> <name> <path>…): begins the command of a check that depends on the files below the paths
# alone, so that it need not run again while they are the same.
function(ktx_remembered variable name)
  set(${variable} "${KTX_TOOLS_DIR}/python" "${KTX_RUNNING_DIR}/remembered.py" --record "${CMAKE_BINARY_DIR}/passed/${name}"
                  --of ${ARGN} -- PARENT_SCOPE)
endfunction()

# ktx_pytest(<name> FILES <file or folder>… [OPTIONS …] [SHARDS <n>] [FOLDER <where it runs>] [ENVIRONMENT …]
#            [OF <path>…] [SEEDED] [PLUGINS] [PROPERTIES …])
# With SHARDS, so many processes each run a part: <name>.1, <name>.2, … With OF, it depends on these paths alone. With
# SEEDED, {seed} in an option is another number each time. With PLUGINS, pytest loads those that are installed, which
# takes two seconds.
function(ktx_pytest name)
  cmake_parse_arguments(TEST "SEEDED;PLUGINS" "SHARDS;FOLDER" "FILES;OPTIONS;ENVIRONMENT;OF;PROPERTIES" ${ARGN})
  if(NOT TEST_SHARDS)
    set(TEST_SHARDS 1)
  endif()
  if(NOT TEST_FOLDER)
    set(TEST_FOLDER "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  if(NOT TEST_PLUGINS)
    list(APPEND TEST_ENVIRONMENT PYTEST_DISABLE_PLUGIN_AUTOLOAD=1)
  endif()
  set(before "")
  if(TEST_SEEDED)
    set(before "${KTX_TOOLS_DIR}/python" "${KTX_RUNNING_DIR}/seeded.py")
  endif()
  foreach(shard RANGE 1 ${TEST_SHARDS})
    set(test "${name}")
    set(options ${TEST_OPTIONS})
    if(TEST_SHARDS GREATER 1)
      set(test "${name}.${shard}")
      list(APPEND options -p sharding --shard=${shard}/${TEST_SHARDS})
    endif()
    if(TEST_OF)
      ktx_remembered(before "${test}" ${TEST_OF})
    endif()
    add_test(NAME ${test} COMMAND ${before} "${KTX_TOOLS_DIR}/python" -m pytest -q -p no:cacheprovider ${options}
                                  ${TEST_FILES}
             WORKING_DIRECTORY "${TEST_FOLDER}")
    set_tests_properties(${test} PROPERTIES TIMEOUT 900 ENVIRONMENT "${TEST_ENVIRONMENT}" ENVIRONMENT_MODIFICATION
                                            "PYTHONPATH=path_list_prepend:${KTX_RUNNING_DIR}" ${TEST_PROPERTIES})
  endforeach()
endfunction()

