# The files of the demo page, embedded into a library: the program needs nothing beside it.
function(handrail_embed_assets target)
    set(folder ${PROJECT_SOURCE_DIR}/webhooks/demo/assets)
    set(output ${PROJECT_BINARY_DIR}/generated/demo_assets.cpp)
    set(script ${PROJECT_SOURCE_DIR}/cmake/embed_assets.cmake)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${output} -P ${script}
        DEPENDS ${files} ${script} VERBATIM)
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE ${output})
endfunction()
