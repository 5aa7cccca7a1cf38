add_library(handrail_options INTERFACE)
target_compile_options(handrail_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wno-psabi)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Wrong in g++ 12: -Wrestrict and, at -O3, -Wstringop-overflow and -Warray-bounds about string concatenation (GCC
    # bug 105329; the sanitizers and clang watch bounds),
    # -Wmismatched-new-delete about the frames of coroutines, whose promise type brings its own pair.
    target_compile_options(handrail_options INTERFACE -fpch-preprocess -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
        -Wno-mismatched-new-delete)
    if(HANDRAIL_SANITIZE)
        # The sanitizers' own code makes it see uninitialised values where there are none (GCC manual, -fsanitize).
        target_compile_options(handrail_options INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
if(HANDRAIL_WERROR)
    target_compile_options(handrail_options INTERFACE -Werror)
endif()
if(HANDRAIL_SANITIZE)
    target_compile_options(handrail_options INTERFACE -fsanitize=${HANDRAIL_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(handrail_options INTERFACE -fsanitize=${HANDRAIL_SANITIZE})
endif()
