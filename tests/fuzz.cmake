# Fuzzing of everything that reads model files. With the preset `fuzz` (clang) each target is a libFuzzer
# program: build/fuzz/tests/fuzz_pickle tests/fuzz/corpus/pickle. Otherwise its corpus is a test.
foreach(subject pickle zip safetensors config vocabulary)
    add_executable(fuzz_${subject} fuzz/fuzz_${subject}.cpp)
    target_link_libraries(fuzz_${subject} PRIVATE yingxun_clip_data)
    set_target_properties(fuzz_${subject} PROPERTIES AUTOMOC OFF)
    if(YINGXUN_FUZZ)
        target_link_options(fuzz_${subject} PRIVATE -fsanitize=fuzzer)
    else()
        target_sources(fuzz_${subject} PRIVATE fuzz/replay.cpp)
        add_test(NAME fuzz_${subject}
            COMMAND fuzz_${subject} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${subject})
    endif()
endforeach()
