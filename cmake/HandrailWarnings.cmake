add_library(handrail_options INTERFACE)
target_compile_options(handrail_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wno-psabi)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # -Wrestrict is wrong about string concatenation in g++ 12 (GCC bug 105329).
    target_compile_options(handrail_options INTERFACE -fpch-preprocess -Wno-restrict)
endif()
if(HANDRAIL_WERROR)
    target_compile_options(handrail_options INTERFACE -Werror)
endif()
if(HANDRAIL_SANITIZE)
    target_compile_options(handrail_options INTERFACE -fsanitize=${HANDRAIL_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(handrail_options INTERFACE -fsanitize=${HANDRAIL_SANITIZE})
endif()
