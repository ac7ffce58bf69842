# -Wnull-dereference of GCC 12 takes strings and vectors of CLI11 and nlohmann/json, once inlined, for null pointers;
# clang-tidy looks for real ones.
target_compile_options(
  ktx_standard
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wnull-dereference>
            -Wimplicit-fallthrough)
if(KTX_WERROR)
  target_compile_options(ktx_standard INTERFACE -Werror)
endif()
