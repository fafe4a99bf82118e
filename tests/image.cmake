# SPDX-License-Identifier: GPL-3.0-or-later
foreach(test tst_image_resize tst_image_reference)
    yingxun_test(${test} yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test)
endforeach()
