# The staff dashboard: npm's pinned packages, types from the API's document, checked and bundled by Vite, then embedded
# as webhooks::dashboard::assets(). Nothing is done again while nothing changed.
find_program(NODE_PROGRAM node)
find_program(NPM_PROGRAM npm)

function(handrail_embed_dashboard target)
    if(NOT NODE_PROGRAM OR NOT NPM_PROGRAM)
        message(FATAL_ERROR "node and npm are missing: they build the dashboard. deploy/install-deps installs them.")
    endif()
    set(source ${PROJECT_SOURCE_DIR}/webhooks/dashboard)
    set(bundle ${PROJECT_BINARY_DIR}/dashboard)
    set(packages ${PROJECT_BINARY_DIR}/generated/dashboard_packages.stamp)
    set(built ${PROJECT_BINARY_DIR}/generated/dashboard.stamp)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${source}/src/*.ts ${source}/src/*.tsx ${source}/src/*.css ${source}/public/*)
    list(REMOVE_ITEM files ${source}/src/contract.gen.ts)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/generated)

    add_custom_command(OUTPUT ${packages}
        COMMAND ${CMAKE_COMMAND} -D NPM=${NPM_PROGRAM} -D FOLDER=${source} -P ${PROJECT_SOURCE_DIR}/cmake/npm_ci.cmake
        COMMAND ${CMAKE_COMMAND} -E touch ${packages}
        DEPENDS ${source}/package.json ${source}/package-lock.json COMMENT "Packages of the dashboard" VERBATIM)
    add_custom_command(OUTPUT ${built}
        COMMAND ${NPM_PROGRAM} run --silent build -- --outDir ${bundle} --logLevel warn
        COMMAND ${CMAKE_COMMAND} -E touch ${built}
        DEPENDS ${packages} ${files} ${source}/index.html ${source}/vite.config.ts ${source}/tsconfig.json
            ${PROJECT_SOURCE_DIR}/webhooks/staff/assets/openapi.json
        WORKING_DIRECTORY ${source} COMMENT "The dashboard" VERBATIM)
    handrail_embed_assets(${target} dashboard FOLDER ${bundle} MADE_BY ${built})
endfunction()
