# Everything comes from Debian 12 (deploy/install-deps); nothing is downloaded or vendored.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(date REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(cjose REQUIRED IMPORTED_TARGET cjose)
pkg_check_modules(fido2 REQUIRED IMPORTED_TARGET libfido2)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(protobuf REQUIRED IMPORTED_TARGET protobuf)
# The headers lie apart from the library, and why: deploy/install-deps.
find_path(PHONENUMBER_INCLUDE phonenumbers/phonenumberutil.h REQUIRED)
find_library(PHONENUMBER_LIBRARY NAMES libphonenumber.so.8 REQUIRED)
add_library(handrail_phonenumber INTERFACE)
target_include_directories(handrail_phonenumber SYSTEM INTERFACE ${PHONENUMBER_INCLUDE})
target_link_libraries(handrail_phonenumber INTERFACE ${PHONENUMBER_LIBRARY} PkgConfig::protobuf)
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # A precompiled header takes part only with these two kinds of sloppiness (ccache manual, "Precompiled headers").
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

# Asio and Beast are compiled once (webhooks/net/asio_impl.cpp), not in every file that includes them.
add_library(handrail_asio INTERFACE)
target_compile_definitions(handrail_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_libraries(handrail_asio INTERFACE Boost::headers OpenSSL::SSL Threads::Threads)
