foreach(name tokenizer_check json_check safetensors_check config_check identity_check checkpoint_check)
    yingxun_test(${name} yingxun_clip_data)
    target_include_directories(${name} PRIVATE support)
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
endforeach()

# Links libtorch and nothing else: that core/clip and core/train need no Qt is seen by building it.
add_executable(clip_alone clip_alone.cpp)
target_link_libraries(clip_alone PRIVATE yingxun_clip yingxun_train)
set_target_properties(clip_alone PROPERTIES AUTOMOC OFF)
target_compile_definitions(clip_alone PRIVATE
    YINGXUN_STARTER="${PROJECT_SOURCE_DIR}/resources/models/starter")
add_test(NAME clip_alone COMMAND clip_alone)

yingxun_test(model_check yingxun_clip)
set_target_properties(model_check PROPERTIES AUTOMOC OFF)

# yingxun_torch_test(NAME LIBRARIES...): a test that looks inside the towers.
function(yingxun_torch_test name)
    yingxun_test(${name} ${ARGN} ${TORCH_LIBRARIES})
    target_include_directories(${name} SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    # OpenMP's threads spin while they wait: on a busy machine that is most of what such a test takes.
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT OMP_WAIT_POLICY=passive)
endfunction()

yingxun_torch_test(towers_check yingxun_clip)
yingxun_torch_test(seeded_check yingxun_clip)
yingxun_torch_test(memory_check yingxun_clip)
yingxun_torch_test(precision_check yingxun_clip)
yingxun_torch_test(stopping_check yingxun_clip)
yingxun_torch_test(training_check yingxun_train)
yingxun_torch_test(evaluation_check yingxun_train)
yingxun_torch_test(degradation_check yingxun_train)

# Not a test: prints what the towers cost.
add_executable(bench_towers bench/bench_towers.cpp)
target_link_libraries(bench_towers PRIVATE yingxun_clip ${TORCH_LIBRARIES})
target_include_directories(bench_towers SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
set_target_properties(bench_towers PROPERTIES AUTOMOC OFF)
