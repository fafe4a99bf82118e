# SPDX-License-Identifier: GPL-3.0-or-later
yingxun_test(tst_models yingxun_models Qt6::Test)
yingxun_test(tst_model_download yingxun_models Qt6::Test)
yingxun_test(tst_model_fetch yingxun_models Qt6::Test)
yingxun_test(tst_model_store yingxun_models Qt6::Test)
