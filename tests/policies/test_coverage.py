"""Every row of the five measures' reading table stands in its pack: what covers it, typed by a reader of the texts.

An entry is ``kind:id@clause``; the clause must be the one that the entry itself cites (``-`` for kinds that cite
none of their own). A provision is found by its clause and words of its quote: ``provision:第5条~工作经费``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from incubxl.files.packs import store
from incubxl.policy.pack import Pack

ROWS: dict[str, dict[str, str]] = {
    "urumqi-intl": {
        "标题 征求意见稿": "validity:draft@- provision:标题~征求意见稿 setting:final_document@-",
        "第2条 两类、独立法人、企业或企事业": """track:offshore@第2条 track:base@第2条
            fact:local_legal_person@第6条（一）、第7条（一） fact:entity_type@第2条、第6条（一）、第7条（一）
            interpretation:applicant-kind@第2条、第6条（一）、第7条（一）""",
        "第3、4条 主管、初审、联合会": """role:city@第3条、第8条、第15条
            role:district@第3条、第8条（三）、第10条 role:federation@第4条 role:centre@第4条
            provision:第3条~主管部门 provision:第4条~协同服务联合会
            interpretation:who-decides@第4条、第8条（四）""",
        "第5条 工作经费": "provision:第5条~专项工作经费",
        "第6条（一） 联合申报的两个单位": """criterion:a6-1@第6条（一） fact:joint_application@第6条（一）
            fact:partner_name@第6条（一） fact:partner_abroad@第6条（一） fact:partner_legal_person@第6条（一）
            fact:local_registered@第6条（一）、第7条（一） judgement:lawful-operation@第6条（一）、第7条（一）
            judgement:carrier-experience@第6条（一） judgement:partner-resources@第6条（一）
            judgement:other-platform@第6条（一）、第7条（一）
            interpretation:platform-list@第6条（一）、第7条（一）""",
        "第6条（二） 国外500平方米和设施": """criterion:a6-2@第6条（二） parameter:overseas-area@第6条（二）
            derived:overseas_area_sum@第6条（二） judgement:facilities@第6条（二）、第7条（二）""",
        "第6条（三）（五）（六）（七） 人工判断": """criterion:a6-3@第6条（三） criterion:a6-5@第6条（五）
            criterion:a6-6@第6条（六） criterion:a6-7@第6条（七） judgement:close-cooperation@第6条（三）
            judgement:direction@第6条（五） judgement:dedicated-team@第6条（五）
            judgement:management-rules@第6条（五）、第7条（七）
            judgement:transnational-mechanism@第6条（五）、第7条（七）
            judgement:landed-cases@第6条（六）、第7条（六） judgement:overseas-services@第6条（七）""",
        "第6条（四） 已建成、实际运营1年": """criterion:a6-4@第6条（四） parameter:operation-time@第6条（四）
            fact:built@第6条（四） fact:operation_start@第6条（四）""",
        "第7条（一） 申报单位": "criterion:a7-1@第7条（一） judgement:cooperation-experience@第7条（一）",
        "第7条（二） 我市300平方米和设施": """criterion:a7-2@第7条（二） parameter:local-area@第7条（二）
            derived:local_area_sum@第7条（二）""",
        "第7条（三） 在孵企业3家": """criterion:a7-3@第7条（三） parameter:foreign-tenants@第7条（三）
            derived:foreign_tenants_two@第7条（三） table:tenants@第7条（三）
            interpretation:foreign-tenant-types@第7条（三）""",
        "第7条（四） 高层次人才5人": """criterion:a7-4@第7条（四） parameter:talents@第7条（四）
            derived:talents_listed@第7条（四） table:talents@第7条（四） interpretation:talent-scope@第7条（四）
            interpretation:talent-standard@第7条（四）""",
        "第7条（五）–（八）": """criterion:a7-5@第7条（五） criterion:a7-6@第7条（六）
            criterion:a7-7@第7条（七） criterion:a7-8@第7条（八） judgement:many-partners@第7条（五）
            judgement:reserve-projects@第7条（六） parameter:team-size@第7条（七） derived:team_size@第7条（七）
            judgement:team-experience@第7条（七） judgement:organisation@第7条（七）
            judgement:finance-service@第7条（八） judgement:base-services@第7条（八）""",
        "第8条 程序": """stage:call@第8条（一） stage:application@第8条（二） stage:first-review@第8条（三）
            stage:recommendation@第8条（三） stage:expert-review@第8条（四） stage:deliberation@第8条（四）
            stage:publicity@第8条（四） stage:confirmation@第8条（四） criterion:a8-3@第8条（三）
            criterion:a8-4@第8条（四） fact:objection@第8条（四） setting:publicity_days@-
            letter:recognition@第8条（四） letter:refusal@第6条""",
        "第9条 统计": "duty:statistics@第9条",
        "第10条 变更": """criterion:a10@第10条 parameter:change-notice@第10条 duty:change-notice@第10条
            duty:change-report@第10条 fact:planned_change@第10条 table:changes@第10条""",
        "第11条 弄虚作假": """sanction:fraud@第11条 parameter:fraud-ban@第11条 criterion:a11@第11条
            interpretation:ban-first-day@第11条 letter:revocation_fraud@第11条""",
        "第12条 满一年参评": """criterion:a12@第12条 parameter:evaluation-after@第12条 duty:take-part@第12条
            fact:recognised_on@第8条（四）、第12条""",
        "第14条（二） 视同自动放弃": """waived:withdrawn@第14条（二） fact:evaluation_submitted@第14条（二）
            duty:evaluation-material@第14条（二） interpretation:waiver-counts@第14条（二）、第18条""",
        "第15条 评价程序": """stage:evaluation-call@第15条（一） stage:evaluation-recommendation@第15条（二）
            stage:completeness@第15条（三） stage:evaluation-review@第15条（三）
            stage:evaluation-publicity@第15条（三）""",
        "第18条 等级和连续两次": """grade:excellent@第18条 grade:good@第18条 grade:pass@第18条 grade:fail@第18条
            sanction:twice-absent-or-failed@第18条 parameter:consecutive-fails@第18条
            interpretation:consecutive-scope@第18条 interpretation:mixed-years@第18条 provision:第18条~政策支持
            letter:evaluation_result@第18条 letter:revocation_evaluation@第18条""",
        "第20条 解释": "provision:第20条~负责解释",
    },
    "national-base": {
        "第四条 省级以上、两年": """parameter:pilot-term@第四条、第十二条（五） criterion:a10-level@第十条
            criterion:a13-term@第四条、第十三条（一） interpretation:provincial-reach@第四条、第十条
            interpretation:pilot-start@第四条、第十二条（五）、第十三条（一） provision:第四条~优选""",
        "第七、八条 联盟、专人、计划总结": """role:alliance@第七条 provision:第七条~执行单位
            criterion:a8-plan@第八条 criterion:a8-liaison@第八条 duty:work-plan@第八条 duty:liaison@第八条
            duty:progress@第八条 duty:yearly-plan-due@第八条、第十二条（一）""",
        "第十条（一）–（三）": """criterion:a10-1@第十条（一） criterion:a10-2@第十条（二）
            criterion:a10-3@第十条（三） judgement:goals@第十条（一） judgement:channels@第十条（二）
            judgement:team@第十条（二） judgement:transfer@第十条（三） criterion:a10-body@第十条
            judgement:other-body@第十条""",
        "第十条（四） 平台或者计划和行动": """criterion:a10-4@第十条（四） parameter:platform-min@第十条（四）
            derived:platforms_counted@第十条（四） fact:overseas_plan@第十条（四）
            fact:overseas_action@第十条（四） judgement:recent-plan@第十条（四）""",
        "第十一条 审批": """stage:recommendation@第十一条（一） stage:application@第十一条（二）
            stage:first-review@第十一条（三） stage:site-visit@第十一条（四）
            stage:expert-opinion@第十一条（五） stage:plaque@第十一条（六） stage:publicity@第十一条（七）
            criterion:a11-1@第十一条（一） criterion:a11-5@第十一条（五）
            judgement:expert-opinion@第十一条（五） provision:第十一条（七）~予以公示
            letter:pilot_recognition@第十一条（六） letter:pilot_refusal@第十一条（六）""",
        "第十二条 建设、取消、两年": """stage:yearly-plan@第十二条（一） stage:building@第十二条（二）
            stage:yearly-summary@第十二条（三） stage:yearly-review@第十二条（三）
            duty:yearly-summary-due@第十二条（三） criterion:a12-4@第十二条（四）
            criterion:a12-review@第十二条（三） sanction:pilot-cancelled@第十二条（四）
            parameter:pilot-ban@第十二条（四） interpretation:plan-summary-and@第十二条（四）
            letter:pilot_revocation@第十二条（四）""",
        "第十三条 验收": """stage:final-summary@第十三条（一） stage:final-first-review@第十三条（二）
            stage:final-visit@第十三条（二） stage:final-decision@第十三条（三）
            criterion:a13-1@第十三条（一）、附件4 criterion:a13-2@第十三条（二） criterion:a13-3@第十三条（三）
            criterion:a13-extension@第十三条（三） grade:award@第十三条（三）、第十四条
            grade:extend@第十三条（三）、第十四条 grade:cancel@第十三条（三）、第十四条
            parameter:extension-term@第十三条（三） sanction:final-cancelled@第十三条（三）
            parameter:final-ban@第十三条（三） interpretation:extension-count@第十三条（三）
            duty:final-summary-due@第十三条（一） letter:base_recognition@第十三条（三）
            letter:pilot_extension@第十三条（三） letter:final_revocation@第十三条（三）""",
        "第十四条 后期管理": """criterion:a14-submit@第十四条 criterion:a14-consecutive@第十四条
            criterion:a14-conduct@第十四条 parameter:failed-years@第十四条 sanction:base-failed@第十四条
            sanction:base-cancelled@第十四条 parameter:base-ban@第十四条 grade:commend@第十三条（三）、第十四条
            grade:fail@第十三条（三）、第十四条 duty:base-plan-summary@第十四条
            interpretation:not-submitted-fails@第十四条
            criterion:no-ban@第十二条（四）、第十三条（三）、第十四条 letter:base_revocation@第十四条
            interpretation:ban-first-day@第十二条（四）、第十三条（三）、第十四条""",
        "第十八条 费用": "provision:第十八条~申请单位承担",
        "第二十条 实施": "validity:undated@第二十条",
        "附件1": """criterion:a11-form@第十一条（二）、附件1 criterion:a11-overseas@附件1
            criterion:a11-documents@附件1 criterion:a11-profile@附件1 criterion:a11-copies@附件1
            criterion:a11-liaison@附件1 table:people@附件1 table:countries@附件1 parameter:paper-copies@附件1
            parameter:overseas-base-min@附件1 fact:org_type@第十条、附件1 fact:ownership@附件1
            fact:level@第十条、附件1 fact:website@附件1 interpretation:liaison-opinion@第十一条（一）、附件1""",
        "附件2–4": """criterion:a12-forms@附件2、附件3 table:partners@附件2、附件3、附件4
            fact:form_maker@附件2至附件4 fact:plan_text@附件2 fact:summary_text@附件3、附件4""",
    },
    "xinjiang-makerspace": {
        "第六条1": "criterion:m6-1@第六条1 judgement:direction@第六条1",
        "第六条2 原则上独立法人": """criterion:m6-2@第六条2 judgement:operating-body@第六条2
            judgement:legal-person-exception@第六条2 fact:legal_person@第六条2""",
        "第六条3 注册并运营满1年": """criterion:m6-3@第六条3 parameter:registered-time@第六条3
            fact:registered_on@第六条3 fact:operated_since@第六条3 judgement:statistics-true@第六条3、第六条10""",
        "第六条4 场地": """criterion:m6-4@第六条4 parameter:service-area@第六条4 parameter:seats@第六条4
            parameter:shared-share@第六条4 judgement:public-facilities@第六条4 fact:total_area@第六条4""",
        "第六条5 20家": "criterion:m6-5@第六条5 parameter:tenants@第六条5 derived:tenants_agreed@第六条5",
        "第六条6 8家或3家": """criterion:m6-6@第六条6 parameter:new-companies@第六条6 parameter:financed@第六条6
            derived:companies_in_year@第六条6 derived:companies_each_year@第六条6
            derived:financed_in_year@第六条6 derived:financed_each_year@第六条6
            interpretation:every-year@第六条6、第六条7、第六条9""",
        "第六条7 典型案例": "criterion:m6-7@第六条7 parameter:cases@第六条7 derived:cases_in_year@第六条7",
        "第六条8 专职和导师": """criterion:m6-8@第六条8 parameter:staff@第六条8 parameter:mentors@第六条8
            judgement:service-team@第六条8 judgement:service-process@第六条8 interpretation:both-roles@第六条8""",
        "第六条9 活动": "criterion:m6-9@第六条9 parameter:events@第六条9 derived:events_in_year@第六条9",
        "第六条10 统计": "criterion:m6-10@第六条10 duty:statistics@第六条10",
        "第七条 24个月": "parameter:residence@第七条 duty:residence@第七条 provision:第七条~大众创新创业者",
        "第八、九条 每年一次、择优": """duty:annual-filing@第八条 stage:national@第八条
            fact:national_rank@第八条 provision:第八条~择优推荐 provision:第九条~择优推荐""",
        "第十条 程序": """stage:application@第十条1 stage:first-review@第十条2 stage:site-visit@第十条2
            stage:recommendation@第十条2 stage:review@第十条3 stage:publicity@第十条3 stage:confirmation@第十条3
            criterion:m10-2@第十条2 criterion:m10-2b@第十条2 criterion:m10-3@第十条3
            fact:site_visit_record@第十条2 letter:recognition@第十条3 letter:refusal@第六条""",
        "第十一条 弄虚作假": """sanction:fraud@第十一条 parameter:fraud-ban@第十一条 criterion:m11@第十一条
            interpretation:ban-first-day@第十一条 letter:revocation_fraud@第十一条""",
        "第十二条 连续2次": """sanction:twice-failed-or-unreported@第十二条 parameter:consecutive-fails@第十二条
            interpretation:consecutive-scope@第十二条 interpretation:mixed-years@第十二条 grade:fail@第十二条
            letter:evaluation_result@第十二条 letter:revocation_evaluation@第十二条""",
        "第十四条 施行": "validity:since@第十四条 provision:第十四条~负责解释",
    },
    "shanghai-hq": {
        "第二条 两类": "track:hq@第二条 track:cultivation@第二条",
        "第五条（一）–（五）": """criterion:a5-lead@第五条 criterion:a5-1@第五条（一）
            criterion:a5-2@第五条（二） criterion:a5-3@第五条（三） criterion:a5-4@第五条（四）
            criterion:a5-5@第五条（五） judgement:direction@第五条（一） judgement:leader@第五条（二）
            judgement:team@第五条（三） judgement:model@第五条（三） judgement:service-income@第五条（三）
            judgement:investing@第五条（四） judgement:discovery@第五条（五）
            judgement:service-record@第五条（五） judgement:article5-exception@第五条
            interpretation:generally@第五条""",
        "第六条（一）–（四）": """stage:selection@第六条（一） stage:recommendation@第六条（二）
            stage:establishment@第六条（三） stage:argument@第六条（四） criterion:a6-1@第六条（一）
            criterion:a6-2@第六条（二） criterion:a6-3-hq@第六条（三） criterion:a6-3-cultivation@第六条（三）
            criterion:a6-4@第六条（四） provision:第六条~基本条件 letter:establishment@第六条（三）""",
        "第七条 支持周期": """parameter:support-years-hq@第七条 parameter:support-years-cultivation@第七条
            criterion:a7-hq@第七条 criterion:a7-cultivation@第七条 judgement:support-period-other@第七条""",
        "第八条 三方合同": """stage:contract@第八条 criterion:a8-contract@第八条
            judgement:contract-content@第八条 fact:contract_on@第八条 table:contract_targets@第八条、第二十条""",
        "第九条 变更": """provision:第九条~一般不进行调整 criterion:a9-lead@第九条
            criterion:a9-force-majeure@第九条 criterion:a9-confirm@第九条 parameter:change-lead@第九条
            duty:change-notice@第九条 interpretation:force-majeure@第九条 table:changes@第九条""",
        "第十、十一条 报告、宣传": """criterion:a10-quarterly@第十条 criterion:a10-annual@第十条
            criterion:a10-timely@第十条 duty:quarterly-report@第十条 duty:annual-report@第十条
            table:reports@第十条 criterion:a11@第十一条 duty:publicity@第十一条""",
        "第十二条（一）–（五）": """sanction:fraud@第十二条（一） sanction:violation@第十二条（二）
            sanction:late-change@第十二条（三） sanction:late-report@第十二条（四）
            sanction:unlawful@第十二条（五） letter:termination@第十二条""",
        "第十三条 启动建设经费": """funding:startup-district@第十三条（二）（三）
            parameter:startup-share-max@第十三条（三） limit:startup-district/half@第十三条（三）
            provision:第十三条（三）~操作细则""",
        "第十三条 年度运营补贴": """funding:operating-city@第十三条（三）
            funding:operating-district@第十三条（三） limit:operating-city/cap@第十三条（三）
            limit:operating-city/approved@第十三条（三） limit:operating-city/half@第十三条（三）
            limit:operating-district/match@第十三条（三） parameter:operating-city-first-hq@第十三条（三）
            parameter:operating-city-first-cultivation@第十三条（三）
            parameter:operating-city-later-hq@第十三条（三）
            parameter:operating-city-later-cultivation@第十三条（三）
            parameter:operating-match-ratio@第十三条（三） parameter:operating-share-max@第十三条（三）
            criterion:a13-exception@第十三条（三） interpretation:later-years@第十三条（三）
            interpretation:cultivation-third-year@第七条、第十三条（三）
            interpretation:operating-basis@第十三条（三） fact:operating_planned@第十三条（三）
            fact:operating_actual@第十三条（三） letter:payment@第十三条（三）""",
        "第十三条 绩效评价后奖励": """funding:bonus-city@第十三条（三）、第二十一条
            funding:bonus-district@第十三条（三） parameter:bonus-city-hq@第十三条（三）
            parameter:bonus-city-cultivation@第十三条（三） parameter:bonus-match-ratio@第十三条（三）
            provision:第十三条（三）~综合绩效评价""",
        "第十三条 原则": """total:total_control@第十三条（三） table:payments@第十三条（三）
            criterion:a13-account@第十三条（三） stage:first-payment@第十三条（三）
            provision:第十三条（三）~总额控制""",
        "第十八、十九条 年度评价": """stage:evaluation-call@第十八条（二）
            stage:evaluation-report@第十八条（二） stage:district-consent@第十八条（二）
            stage:evaluation@第十八条（二） stage:result@第十八条（二） criterion:a18-report@第十八条（二）
            duty:evaluation-report-due@第十八条（二） provision:第十八条（一）~一体一策
            provision:第十九条~评价内容""",
        "第二十条 三种结果": """grade:continue@第二十条 grade:suspend@第二十条 grade:stop@第二十条
            criterion:a20-next-year@第二十条（一） interpretation:third-year-result@第二十条
            limit:operating-city/reduced@第二十条（二） funding:refund-city@第二十条（三）
            funding:refund-district@第二十条（三） letter:evaluation_continue@第二十条（一）
            letter:evaluation_suspend@第二十条（二） letter:evaluation_stop@第二十条（三）""",
        "第二十一条 超额奖励": """stage:final-evaluation@第二十一条 stage:bonus@第二十一条
            limit:bonus-city/approved@第二十一条 fact:over_fulfilled@第二十一条""",
        "第二十三条 有效期": """validity:since@第二十三条 validity:until@第二十三条
            criterion:a23-contract@第二十三条 criterion:a23-outlives@第二十三条
            interpretation:after-expiry@第二十三条 provision:第二十三条~有效期""",
    },
    "tongliao-award": {
        "一 达标即准": "provision:一~达标即准",
        "施行": "validity:undated@印发通知 criterion:new-title@三（一） interpretation:new-from@三（一）",
        "二（四） 技术经纪人": "criterion:broker-station@二（四） table:brokers@二（四） fact:broker_station@二（四）",
        "三（一） 一次性支持": """track:national-incubator@三（一） track:regional-xingchuang@三（一）
            parameter:award-national-incubator@三（一） parameter:award-regional-incubator@三（一）
            parameter:award-national-makerspace@三（一） parameter:award-national-xingchuang@三（一）
            parameter:award-regional-makerspace@三（一） parameter:award-regional-xingchuang@三（一）
            funding:award-national-incubator@三（一） funding:award-regional-incubator@三（一）
            funding:award-national-makerspace@三（一） funding:award-national-xingchuang@三（一）
            funding:award-regional-makerspace@三（一） funding:award-regional-xingchuang@三（一）
            criterion:title-incubator@三（一） criterion:title-national@三（一）
            criterion:title-regional@三（一） criterion:once@三（一） criterion:first-excellent@三（一）
            interpretation:first-evaluation@三（一） interpretation:upgrade@三（一）
            interpretation:stacking@三（一） interpretation:approved-scope@三（一） letter:payment@三（一）""",
        "三（二） 品牌输出、分类考核": """criterion:brand-filing@三（二） duty:brand-filing-first@三（二）
            set:comprehensive@三（二） set:professional@三（二） set:social@三（二） set:university@三（二）
            criterion:class-incubator@三（二） criterion:class-makerspace@三（二）""",
        "四（三） 信息报送": "duty:information@四（三） criterion:information@四（三） provision:四（三）~信息报送",
    },
}
ARTICLES = {
    "urumqi-intl": [f"第{n}条" for n in range(1, 21)],
    "national-base": [
        *(f"第{n}条" for n in "一二三四五六七八九十"),
        *(f"第十{n}条" for n in "一二三四五六七八九"),
        "第二十条", "附件1", "附件2", "附件3", "附件4",
    ],
    "xinjiang-makerspace": [*(f"第{n}条" for n in "一二三四五六七八九十"), *(f"第十{n}条" for n in "一二三四")],
    "shanghai-hq": [
        *(f"第{n}条" for n in "一二三四五六七八九十"),
        *(f"第十{n}条" for n in "一二三四五六七八九"),
        *(f"第二十{n}" for n in ("条", "一条", "二条", "三条")),
    ],
    "tongliao-award": ["一", *(f"二（{n}）" for n in "一二三四五"), *(f"{a}（{n}）" for a in "三四" for n in "一二三")],
}  # fmt: skip


def entries() -> Iterator[Any]:
    for pack, rows in ROWS.items():
        for row, covered in rows.items():
            yield pytest.param(pack, covered.split(), id=f"{pack} {row}")


@cache
def shelves(id: str) -> dict[str, dict[str, set[str]]]:
    """Kind → id → the clauses that it cites."""
    pack = store().pack(id)
    plain: dict[str, tuple[Any, ...]] = {
        "criterion": pack.criteria, "parameter": pack.parameters, "judgement": pack.judgements,
        "interpretation": pack.interpretations, "stage": pack.procedure.stages, "duty": pack.procedure.duties,
        "sanction": pack.procedure.sanctions, "fact": pack.facts, "table": pack.tables, "derived": pack.derived,
        "track": pack.measure.tracks, "role": pack.measure.roles, "funding": pack.funding.items,
        "total": pack.funding.totals, "waived": pack.evaluation.waived,
    }  # fmt: skip
    found = {kind: {entry.id: {entry.clause} for entry in shelf} for kind, shelf in plain.items()}
    found["grade"] = {g.id: {pack.evaluation.clause} for g in pack.evaluation.grades}
    found["set"] = {s.id: {pack.evaluation.clause} for s in pack.evaluation.sets}
    found["limit"] = {f"{i.id}/{x.id}": {x.clause} for i in pack.funding.items for x in i.limits}
    found["letter"] = {k.id: {c.clause for c in k.clauses} for k in pack.letters.kinds}
    found["setting"] = {s.id: {"-"} for s in pack.settings}
    found["validity"] = _validity(pack)
    return found


def _validity(pack: Pack) -> dict[str, set[str]]:
    measure, dates = pack.measure, pack.measure.validity
    said = {
        "draft": measure.draft,
        "since": dates.since is not None,
        "until": dates.until is not None,
        "undated": dates.since is None and bool(dates.undated_reason),
    }
    return {name: {dates.clause or "-"} for name, stands in said.items() if stands}


@pytest.mark.parametrize(("pack", "covered"), list(entries()))
def test_row_stands_in_the_pack(pack: str, covered: list[str]) -> None:
    for entry in covered:
        kind, _, rest = entry.partition(":")
        if kind == "provision":
            clause, _, words = rest.partition("~")
            quotes = [p.quote for p in store().pack(pack).measure.provisions if p.clause == clause]
            assert any(words in quote for quote in quotes), entry
            continue
        id, _, clause = rest.partition("@")
        assert clause in shelves(pack)[kind].get(id, ()), entry


@pytest.mark.parametrize("pack", ARTICLES)
def test_every_article_is_cited_somewhere(pack: str) -> None:
    cited = {p.clause for p in store().pack(pack).measure.provisions}
    for kind, shelf in shelves(pack).items():
        if kind != "setting":
            cited |= {clause for clauses in shelf.values() for clause in clauses}
    parts = {part for clause in cited for part in re.split("[、至]", clause)}
    missing = [a for a in ARTICLES[pack] if not any(p == a or re.match(rf"{a}[（\d]", p) for p in parts)]
    assert missing == []


UNUSED = {  # asked of the office or told to the reader, without a condition of its own
    ("urumqi-intl", "who-decides"),  # who signs
    *((pack, id) for pack in ROWS for id in ("number-inclusive", "period-start")),  # every bound and every span
    *((pack, "consecutive-fails") for pack in ROWS),  # the sanction carries the count
}


@pytest.mark.parametrize("pack", ROWS)
def test_numbers_judgements_and_questions_are_used(pack: str) -> None:
    found = store().pack(pack)
    used = set(_words([part.model_dump() for part in (*found.criteria, found.funding, found.procedure)]))
    all_: tuple[Any, ...] = (*found.parameters, *found.judgements, *found.interpretations)
    asked = {entry.id for entry in all_}
    assert {id for id in asked - used if (pack, id) not in UNUSED} == set()


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _words(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _words(value)
    elif isinstance(node, str):
        yield node


def test_the_reading_table_has_its_rows() -> None:
    assert {pack: len(rows) for pack, rows in ROWS.items()} == {
        "urumqi-intl": 22, "national-base": 12, "xinjiang-makerspace": 16, "shanghai-hq": 16, "tongliao-award": 6,
    }  # fmt: skip
