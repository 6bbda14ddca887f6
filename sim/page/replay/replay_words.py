"""
The words of the replay, one row a word, one column a language: English, Arabic.

Names in braces are put in by the script, each isolated so that its direction does not disturb the
sentence. The Arabic has not been reviewed by a native speaker.
"""

from __future__ import annotations

REPLAY_WORDS: dict[str, tuple[str, str]] = {
    # controls
    "rp_controls": ("Controls of the replay", "أدوات العرض"),
    "rp_play": ("Play", "تشغيل"),
    "rp_pause": ("Pause", "إيقاف مؤقت"),
    "rp_speed": ("Speed", "السرعة"),
    "rp_first": ("Left map", "الخريطة اليسرى"),
    "rp_second": ("Right map", "الخريطة اليمنى"),
    "rp_switch": ("Show the other alternative", "أظهر البديل الآخر"),
    "rp_zoom_in": ("Zoom in", "تكبير"),
    "rp_zoom_out": ("Zoom out", "تصغير"),
    "rp_whole_map": ("Whole map", "الخريطة كلها"),
    "rp_first_difference": ("First difference", "أول اختلاف"),
    "rp_largest_gain": ("Largest gain", "أكبر كسب"),
    "rp_largest_loss": ("Largest loss", "أكبر خسارة"),
    "rp_time": ("Time", "الوقت"),
    "rp_loading": ("The replay is being unpacked.", "يجري فتح العرض."),
    "rp_no_unpack": (
        "This browser cannot unpack the replay (it has no DecompressionStream). All else on this "
        "page is here.",
        "لا يستطيع هذا المتصفح فتح العرض (ينقصه DecompressionStream). بقية الصفحة متاحة.",
    ),
    "rp_no_map": (
        "The places of this scenario have no coordinates, so there is no map. The bar of time, the "
        "events and the lists show the same.",
        "ليس لأماكن هذا السيناريو إحداثيات، فلا خريطة هنا. شريط الوقت والأحداث والقوائم تعرض ذلك.",
    ),
    "rp_keys": (
        "Keys: space plays and pauses; arrows move 10 minutes, with shift a day; home and end; "
        "+ and − change the speed. Drag and pinch move the map.",
        "المفاتيح: المسافة للتشغيل والإيقاف؛ الأسهم لعشر دقائق، ومع Shift ليوم؛ Home و End؛ "
        "+ و − للسرعة. اسحب أو قرّب بإصبعين لتحريك الخريطة.",
    ),
    "rp_minute_s": ("1 min a second", "دقيقة في الثانية"),
    "rp_5_minutes_s": ("5 min a second", "5 دقائق في الثانية"),
    "rp_15_minutes_s": ("15 min a second", "15 دقيقة في الثانية"),
    "rp_hour_s": ("1 h a second", "ساعة في الثانية"),
    "rp_6_hours_s": ("6 h a second", "6 ساعات في الثانية"),
    "rp_day_s": ("1 day a second", "يوم في الثانية"),
    # the bar of time
    "rp_bar": (
        "Lines: teams on callouts. Bars: pending callouts, first alternative above, second below. "
        "Ticks: callouts reached sooner under the second (up), later or not at all (down), or in "
        "the same time but otherwise, as by another first team (dots).",
        "الخطوط: الفرق المنشغلة. الأعمدة: البلاغات المعلّقة، البديل الأول فوق والثاني تحت. "
        "العلامات: بلاغات كان الوصول إليها في البديل الثاني أبكر (إلى أعلى)، أو متأخرًا أو لم يحدث "
        "(إلى أسفل)، أو في الوقت نفسه لكن بفريق أول آخر مثلًا (نقاط).",
    ),
    "rp_bar_alone": (
        "Line: teams on callouts. Bars: pending callouts.",
        "الخط: الفرق المنشغلة. الأعمدة: البلاغات المعلّقة.",
    ),
    "rp_parted": (
        "Of {all} callouts under {second}: {sooner} reached sooner; {later} later or not at all; "
        "{other} no sooner and no later, but with another first team, time in the queue or "
        "outcome; {same} the same.",
        "عدد البلاغات {all}، منها تحت {second}: وصول أبكر {sooner}؛ متأخر أو لم يحدث "
        "{later}؛ الوقت نفسه، لكن أُرسل أولًا فريق آخر أو اختلف زمن الانتظار أو النتيجة {other}؛ "
        "بلا أي اختلاف {same}.",
    ),
    "rp_same": (
        "Every callout of this replication went the same under the two.",
        "لم يختلف أي بلاغ في هذه الإعادة بين البديلين.",
    ),
    # legend
    "rp_signs": ("Signs", "الرموز"),
    "rp_s_waiting": ("free", "متاح"),
    "rp_s_on_call": ("on call, crew at home", "تحت الطلب، والطاقم في بيوته"),
    "rp_s_ready": ("getting ready", "يستعد"),
    "rp_s_way": ("on the way", "في الطريق"),
    "rp_s_scene": ("on scene", "في الموقع"),
    "rp_s_to_hospital": ("to hospital", "إلى المشفى"),
    "rp_s_at_hospital": ("at hospital", "في المشفى"),
    "rp_s_returning": ("returning or relocated", "عائد أو معاد تمركزه"),
    "rp_s_off": ("off duty or on a break", "خارج الدوام أو في استراحة"),
    "rp_c_priority": ("priority {n}", "أولوية {n}"),
    "rp_c_priority_4": ("priority 4 and lower", "أولوية 4 فما دون"),
    "rp_c_not_ready": ("not ready to dispatch", "غير جاهز للإرسال"),
    "rp_c_pending": ("pending", "معلّق"),
    "rp_c_sent": ("team on its way", "فريق في الطريق إليه"),
    "rp_c_reached": ("team on scene", "فريق في الموقع"),
    "rp_c_late": ("past its target or horizon", "تجاوز هدفه أو الأفق"),
    "rp_c_not_reached": ("ended without a team on scene", "انتهى دون وصول فريق"),
    "rp_ring": (
        "A callout's ring fills until its target; where it has none, until the horizon of {h}.",
        "تمتلئ حلقة البلاغ حتى زمن هدفه؛ وإن لم يكن له هدف فحتى أفق قدره {h}.",
    ),
    "rp_base": ("base", "مركز"),
    "rp_hospital": ("hospital, teams there / bays", "مشفى، الفرق فيه / المواقف"),
    "rp_hospital_closed": ("hospital closed", "مشفى مغلق"),
    "rp_checkpoint": ("checkpoint", "حاجز"),
    "rp_closed": ("road closed", "طريق مغلق"),
    "rp_closed_unknown": ("closed, not known yet", "مغلق ولم يُعرف بعد"),
    "rp_modelled": ("modelled road", "طريق مفترض"),
    # notes
    "rp_not_operations": (
        "Illustrative bases, modelled secondary roads, not for operations.",
        "مراكز افتراضية للتوضيح، طرق ثانوية مُنمذَجة، ليس للاستعمال في العمليات.",
    ),
    "rp_one_replication": (
        "This is one replication, the first of {n}. It need not be typical: what holds on average "
        "is in the tables.",
        "هذه إعادة واحدة، هي الأولى من {n}، وقد لا تكون نموذجية: "
        "ما يصح في المتوسط مذكور في الجداول.",
    ),
    "rp_only_replication": (
        "This is one replication, the only one of these results. It need not be typical.",
        "هذه إعادة واحدة، هي الوحيدة في هذه النتائج، وقد لا تكون نموذجية.",
    ),
    "rp_straight": (
        "The log of these results has no table of drives: teams are drawn on straight lines to "
        "scenes and hospitals, and at their base in between.",
        "لا يحوي سجل هذه النتائج جدول الرحلات: تُرسم الفرق على خطوط مستقيمة إلى المواقع "
        "والمشافي، وفي مراكزها بين ذلك.",
    ),
    "rp_left_out": (
        "Not in the replay, for want of room: {names}.",
        "ليس في العرض لضيق المكان: {names}.",
    ),
    "rp_thin_candidates": (
        "Thinned to fit: the candidates of decisions are left out.",
        "مختصر ليتسع: حُذف المرشحون للقرارات.",
    ),
    "rp_thin_ways": (
        "Thinned to fit: drives are straight lines.",
        "مختصر ليتسع: الرحلات خطوط مستقيمة.",
    ),
    "rp_thin_until": ("Thinned to fit: shown up to {when}.", "مختصر ليتسع: يُعرض حتى {when}."),
    # panels
    "rp_events": ("Events up to now", "الأحداث حتى الآن"),
    "rp_no_events": ("Nothing has happened yet.", "لم يحدث شيء بعد."),
    "rp_open": ("Callouts open now", "البلاغات المفتوحة الآن"),
    "rp_none_open": ("None.", "لا شيء."),
    "rp_teams": ("Teams now", "الفرق الآن"),
    "rp_detail": ("Story", "القصة"),
    "rp_choose": (
        "Choose a callout, a team or a place, on a map or in the lists.",
        "اختر بلاغًا أو فريقًا أو مكانًا، من الخريطة أو القوائم.",
    ),
    "rp_both": ("both", "كلاهما"),
    "rp_map_of": ("Map of {name} at {when}", "خريطة {name} عند {when}"),
    "rp_now": (
        "{pending} pending, {busy} of {duty} teams on callouts",
        "{pending} معلّق، {busy} من {duty} فرق منشغلة",
    ),
    # a callout
    "rp_callout": ("Callout {n}", "البلاغ {n}"),
    "rp_what": ("{kind}, priority {priority}, in {place}", "{kind}، أولوية {priority}، في {place}"),
    "rp_response": ("Response time {time}", "زمن الاستجابة {time}"),
    "rp_target": ("target {name}: {met}", "الهدف {name}: {met}"),
    "rp_met": ("met", "تحقق"),
    "rp_missed": ("missed", "لم يتحقق"),
    "rp_not_known": ("not known", "غير معروف"),
    "rp_not_there": ("It is not in the demand of {name}.", "ليس ضمن طلبات {name}."),
    "rp_received": ("received", "ورد"),
    "rp_e_ready": ("ready to dispatch", "جاهز للإرسال"),
    "rp_e_received": (
        "Callout {n} received: {kind} in {place}",
        "ورد البلاغ {n}: {kind} في {place}",
    ),
    "rp_e_sent": ("{team} sent to callout {n}", "أُرسل {team} إلى البلاغ {n}"),
    "rp_e_moving": ("{team} on the way to callout {n}", "{team} في الطريق إلى البلاغ {n}"),
    "rp_e_scene": ("{team} on scene at callout {n}", "{team} في موقع البلاغ {n}"),
    "rp_e_left": ("{team} leaves for {hospital}", "{team} يغادر إلى {hospital}"),
    "rp_e_hospital": ("{team} at {hospital}", "{team} في {hospital}"),
    "rp_e_cleared": ("{team}: {ending}", "{team}: {ending}"),
    "rp_e_over": ("Callout {n}: {outcome}", "البلاغ {n}: {outcome}"),
    "rp_e_moved": ("{team} relocated to {base}", "أعيد تمركز {team} في {base}"),
    "rp_d_sent": (
        "{team} chosen, expected on scene in {time}",
        "اختير {team}، الوصول المتوقع خلال {time}",
    ),
    "rp_d_none": ("No team chosen: the callout stays pending", "لم يُختر فريق: يبقى البلاغ معلّقًا"),
    "rp_d_hospital": (
        "{hospital} chosen, expected there in {time}",
        "اختير {hospital}، الوصول المتوقع خلال {time}",
    ),
    "rp_d_reassigned": ("{team} reassigned to it", "حُوّل {team} إليه"),
    "rp_why": ("{rule}: {why}", "{rule}: {why}"),
    "rp_candidates": ("Who could be chosen ({n})", "من كان يمكن اختياره ({n})"),
    "rp_not_candidates": ("Not among them", "ليسوا بينهم"),
    "rp_candidate": ("candidate", "المرشح"),
    "rp_expected": ("expected in", "الوصول المتوقع"),
    "rp_no_access": ("no access", "لا طريق"),
    "rp_chosen": ("chosen", "المختار"),
    "rp_on": ("{state}, callout {n}", "{state}، البلاغ {n}"),
    # a place
    "rp_place_counts": (
        "{n} callouts in this replication, in {area}.",
        "{n} بلاغًا في هذه الإعادة، في {area}.",
    ),
    "rp_curve": (
        "Share of its callouts reached against minutes from the call",
        "نسبة البلاغات التي وُصل إليها مقابل الدقائق منذ الاتصال",
    ),
    "rp_few": (
        "Few callouts: one replication of one place says little.",
        "بلاغات قليلة: إعادة واحدة لمكان واحد لا تقول الكثير.",
    ),
    "rp_reached_of": (
        "{n} of {all} reached, {within} within",
        "وُصل إلى {n} من {all}، {within} خلال",
    ),
    "rp_minutes": ("{n} min", "{n} د"),
    "rp_bases_here": ("Teams based here: {names}", "الفرق المتمركزة هنا: {names}"),
    "rp_hospitals_here": ("Hospitals here: {names}", "المشافي هنا: {names}"),
    # a team
    "rp_day_of": ("Day of {day}", "يوم {day}"),
    "rp_team_base": ("based at {base}, {people} people", "متمركز في {base}، {people} أشخاص"),
    "rp_no_mission": ("No mission on this day.", "لا مهمة في هذا اليوم."),
    "rp_mission": ("callout {n}, {kind} in {place}", "البلاغ {n}، {kind} في {place}"),
    "rp_before": ("a callout of the warm-up", "بلاغ من فترة الإحماء"),
    "rp_under": ("under {name}", "تحت {name}"),
    # words of the log
    "rp_w_served": ("served", "أُنجز"),
    "rp_w_lost": ("lost", "فُقد"),
    "rp_w_abandoned": ("abandoned", "تخلى عنه المتصل"),
    "rp_w_dropped": ("dropped", "تُرك"),
    "rp_w_unfinished": ("unfinished", "لم ينته"),
    "rp_w_completed": ("completed", "أنجز المهمة"),
    "rp_w_stood down": ("stood down", "أُعفي قبل الوصول"),
    "rp_w_handed over": ("handed over", "سلّم المهمة"),
    "rp_w_reassigned": ("reassigned", "حُوّل"),
    "rp_w_preempted": ("preempted", "سُحب لبلاغ أكثر إلحاحًا"),
    "rp_w_relieved": ("relieved", "حل محله فريق آخر"),
    "rp_w_broke down": ("broke down", "تعطلت المركبة"),
    "rp_w_no crew assembled": ("no crew assembled", "لم يتجمع طاقم"),
    "rp_w_refused at a checkpoint": ("refused at a checkpoint", "مُنع عند حاجز"),
    "rp_w_no access": ("no access", "لا طريق إليه"),
    "rp_w_withdrawn": ("withdrawn", "انسحب"),
    "rp_w_on duty": ("on duty", "بدأ الدوام"),
    "rp_w_off duty": ("off duty", "انتهى الدوام"),
    "rp_w_break": ("break", "استراحة"),
    "rp_w_break missed": ("break missed", "فاتت الاستراحة"),
    "rp_w_mandatory rest": ("mandatory rest", "راحة إلزامية"),
    "rp_w_called in": ("called in", "استُدعي"),
    "rp_w_alerted": ("a volunteer alerted", "أُنذر متطوع"),
    "rp_w_accepted": ("a volunteer accepted", "قبل متطوع"),
    "rp_w_declined": ("a volunteer declined", "اعتذر متطوع"),
    "rp_w_arrived": ("a volunteer at the base", "وصل متطوع إلى المركز"),
    "rp_w_arrived too late": ("a volunteer arrived too late", "وصل متطوع متأخرًا"),
    "rp_w_crew turned out": ("crew turned out", "انطلق الطاقم"),
    "rp_w_out of service": ("vehicle out of service", "مركبة خارج الخدمة"),
    "rp_w_vehicle taken": ("vehicle taken", "أُخذت المركبة"),
    "rp_w_vehicle at base": ("vehicle at base", "المركبة في المركز"),
    "rp_w_returning": ("returning", "عائد"),
    "rp_w_no access to base": ("no access to base", "لا طريق إلى المركز"),
    "rp_w_access to base again": ("access to base again", "فُتح الطريق إلى المركز"),
    "rp_w_relief asked": ("relief asked", "طُلب فريق بديل"),
    "rp_w_transport asked": ("transport asked", "طُلب نقل"),
    "rp_w_awaits transport": ("awaits transport", "بانتظار النقل"),
    "rp_w_awaits permission": ("awaits permission", "بانتظار الإذن"),
    "rp_w_held": ("held", "مؤجل"),
    "rp_w_access again": ("access again", "فُتح الطريق إليه"),
    "rp_w_met a closure": ("met a closure", "صادف طريقًا مغلقًا"),
    "rp_w_told of a closure": ("told of a closure", "أُبلغ بإغلاق طريق"),
    "rp_w_closure known": ("closure known", "عُرف إغلاق الطريق"),
    "rp_w_reopened": ("road open again", "فُتح الطريق مجددًا"),
    "rp_w_checkpoint delay": ("checkpoint delay", "تأخير عند حاجز"),
    "rp_w_awaits a safe scene": ("awaits a safe scene", "بانتظار أمان الموقع"),
    "rp_w_staged": ("staged", "ينتظر قرب الموقع"),
    "rp_w_explosive hazard found": ("explosive hazard found", "عُثر على خطر متفجر"),
    "rp_w_explosive hazard cleared": ("explosive hazard cleared", "أزيل الخطر المتفجر"),
    "rp_w_refuelled": ("refuelled", "تزوّد بالوقود"),
    "rp_w_without fuel": ("without fuel", "بلا وقود"),
    "rp_w_fuel taken": ("fuel taken", "كمية الوقود المأخوذة"),
    "rp_w_too little fuel": ("too little fuel", "الوقود لا يكفي"),
    "rp_w_fuel brought": ("fuel brought", "أُحضر له وقود"),
    "rp_w_fuel delivered": ("fuel delivered", "وصل وقود إلى المركز"),
    "rp_w_depot empty": ("depot empty", "نفد وقود المركز"),
    "rp_w_offload delay": ("offload delay", "تأخر التسليم في المشفى"),
}
