# Fuzzing of everything that reads files. With the preset `fuzz` (clang) each target is a libFuzzer program:
# build/fuzz/tests/fuzz_pickle tests/fuzz/corpus/pickle. Otherwise its corpus is a test.
add_custom_target(fuzz_targets)

# yingxun_fuzz(LIBRARY SUBJECTS...): fuzz/fuzz_SUBJECT.cpp for each of what is in the library.
function(yingxun_fuzz library)
    foreach(subject ${ARGN})
        add_executable(fuzz_${subject} fuzz/fuzz_${subject}.cpp)
        target_link_libraries(fuzz_${subject} PRIVATE ${library})
        set_target_properties(fuzz_${subject} PROPERTIES AUTOMOC OFF)
        add_dependencies(fuzz_targets fuzz_${subject})
        if(YINGXUN_FUZZ)
            target_link_options(fuzz_${subject} PRIVATE -fsanitize=fuzzer)
        else()
            target_sources(fuzz_${subject} PRIVATE fuzz/replay.cpp)
            add_test(NAME fuzz_${subject}
                COMMAND fuzz_${subject} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${subject})
        endif()
    endforeach()
endfunction()

yingxun_fuzz(yingxun_base json)
yingxun_fuzz(yingxun_clip_data pickle zip safetensors config vocabulary)
if(YINGXUN_BUILD_APP)
    yingxun_fuzz(yingxun_vectors embeddings)
    yingxun_fuzz(yingxun_image exif tiff jpegxl psd)
    yingxun_fuzz(yingxun_query query)
endif()
