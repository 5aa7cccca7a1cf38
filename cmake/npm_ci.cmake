# Installs the pinned packages unless they are there already: cmake -D NPM=... -D FOLDER=... -P npm_ci.cmake
# IS_NEWER_THAN also holds when a file is missing.
set(installed ${FOLDER}/node_modules/.package-lock.json)
if(EXISTS ${installed} AND ${installed} IS_NEWER_THAN ${FOLDER}/package-lock.json)
    return()
endif()
execute_process(COMMAND ${NPM} ci --no-audit --no-fund WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "npm ci failed in ${FOLDER}")
endif()
