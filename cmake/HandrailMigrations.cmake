# The SQL files of one backend, embedded into a library.
function(handrail_embed_migrations target backend)
    set(folder ${PROJECT_SOURCE_DIR}/webhooks/store/migrations/${backend})
    set(output ${PROJECT_BINARY_DIR}/generated/${backend}_migrations.cpp)
    set(script ${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${output} -P ${script}
        DEPENDS ${files} ${script} VERBATIM)
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE ${output})
endfunction()
