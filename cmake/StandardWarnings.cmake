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
            -Wnull-dereference
            -Wimplicit-fallthrough)
if(KTX_WERROR)
  target_compile_options(ktx_standard INTERFACE -Werror)
endif()
