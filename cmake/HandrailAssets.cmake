# The files of webhooks/PART/assets, embedded into a library: the program needs nothing beside it.
function(handrail_embed_assets target part)
    set(folder ${PROJECT_SOURCE_DIR}/webhooks/${part}/assets)
    set(output ${PROJECT_BINARY_DIR}/generated/${part}_assets.cpp)
    set(script ${PROJECT_SOURCE_DIR}/cmake/embed_assets.cmake)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DPART=${part} -DFOLDER=${folder} -DOUTPUT=${output} -P ${script}
        DEPENDS ${files} ${script} VERBATIM)
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE ${output})
endfunction()
