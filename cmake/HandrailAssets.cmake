# The files of webhooks/PART/assets, or of FOLDER, embedded into a library: the program needs nothing beside it.
#   handrail_embed_assets(target part [FOLDER folder MADE_BY stamp])   MADE_BY: what is newer than the files when they change
function(handrail_embed_assets target part)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "FOLDER;MADE_BY" "")
    set(output ${PROJECT_BINARY_DIR}/generated/${part}_assets.cpp)
    set(script ${PROJECT_SOURCE_DIR}/cmake/embed_assets.cmake)
    if(arg_FOLDER)
        set(folder ${arg_FOLDER})
        set(files ${arg_MADE_BY})
    else()
        set(folder ${PROJECT_SOURCE_DIR}/webhooks/${part}/assets)
        file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
    endif()
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DPART=${part} -DFOLDER=${folder} -DOUTPUT=${output} -P ${script}
        DEPENDS ${files} ${script} VERBATIM)
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE ${output})
endfunction()
