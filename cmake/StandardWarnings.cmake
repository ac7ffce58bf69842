# GCC 12 takes vectors of CLI11, once inlined, for null pointers. Targets that are made of such sources say so by the
# property KTX_INLINES_CLI11; clang-tidy looks for real ones there too.
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
            $<$<NOT:$<BOOL:$<TARGET_PROPERTY:KTX_INLINES_CLI11>>>:-Wnull-dereference>
            -Wimplicit-fallthrough)
if(KTX_WERROR)
  target_compile_options(ktx_standard INTERFACE -Werror)
endif()
