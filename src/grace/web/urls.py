"""The addresses of all screens, one line each. Whoever asks must be signed in, unless the view carries ``login_not_required``."""

from __future__ import annotations

from django.urls import path

from grace.web.accounts import views as accounts
from grace.web.agencies import views as agencies
from grace.web.analyses import views as analyses
from grace.web.beside import views as beside
from grace.web.cluster import views as cluster
from grace.web.custody import views as custody
from grace.web.deconflict import views as deconflict
from grace.web.discipline import views as discipline
from grace.web.exchange import views as exchange
from grace.web.file import views as file
from grace.web.group import views as group
from grace.web.handover import views as handover
from grace.web.home import views as home
from grace.web.kept import views as kept
from grace.web.laboratory import views as laboratory
from grace.web.lane import views as lane
from grace.web.line import views as line
from grace.web.links import views as links
from grace.web.lists import entries as listed
from grace.web.lists import entry, one, video
from grace.web.lists import views as lists
from grace.web.live import views as live
from grace.web.match import views as match
from grace.web.models import views as models
from grace.web.notice import views as notice
from grace.web.notice_links import views as notice_links
from grace.web.quarantine import views as quarantine
from grace.web.queue import views as queue
from grace.web.ranker import views as ranker
from grace.web.referral import acts, versions
from grace.web.referral import views as referral
from grace.web.rules import unit as rules_unit
from grace.web.rules import views as rules
from grace.web.search import views as search
from grace.web.senders import views as senders
from grace.web.settings import views as settings
from grace.web.shared_lines import views as shared_lines
from grace.web.signin import invitation
from grace.web.signin import views as signin
from grace.web.unit import views as unit
from grace.web.validation import views as validation

urlpatterns = [
    path("", home.home, name="home"),
    path("queue/", queue.queue, name="queue"),
    path("queue/take-next/", queue.take_next, name="take-next"),
    path("referrals/<uuid:referral_id>/", referral.referral, name="referral"),
    path("referrals/<uuid:referral_id>/decide/", acts.decide, name="decide"),
    path("referrals/<uuid:referral_id>/states/", acts.correct, name="correct-states"),
    path("referrals/<uuid:referral_id>/notes/", acts.note, name="note"),
    path("referrals/<uuid:referral_id>/texts/<slug:sha256>/label/", acts.label, name="label-text"),
    path("referrals/<uuid:referral_id>/versions/", versions.versions, name="versions"),
    path("referrals/<uuid:referral_id>/beside/", beside.beside, name="beside"),
    path("referrals/<uuid:referral_id>/versions/<int:older>/<int:newer>/", versions.compare, name="compare-versions"),
    path("referrals/<uuid:referral_id>/document/", referral.document, name="document"),
    path("referrals/<uuid:referral_id>/links/", links.links, name="links"),
    path("referrals/<uuid:referral_id>/links/<uuid:other_id>/", links.judge, name="judge-link"),
    path("referrals/<uuid:referral_id>/elsewhere/", deconflict.deconflict, name="deconflict"),
    path("referrals/<uuid:referral_id>/elsewhere/ask/", deconflict.ask, name="ask-elsewhere"),
    path("referrals/<uuid:referral_id>/elsewhere/answers/", deconflict.answers, name="elsewhere-answers"),
    path("elsewhere/", deconflict.asked_of, name="asked-of"),
    path("search/", search.search, name="search"),
    path("search/picture/", search.picture, name="search-picture"),
    path("search/kept/", kept.kept_searches, name="kept-searches"),
    path("search/kept/keep/", kept.keep_search, name="keep-search"),
    path("search/kept/<uuid:search_id>/", kept.kept_search, name="kept-search"),
    path("search/kept/<uuid:search_id>/change/", kept.change_kept, name="change-kept"),
    path("search/kept/<uuid:search_id>/forget/", kept.forget_kept, name="forget-kept"),
    path("groups/", group.groups, name="groups"),
    path("groups/definition/", group.definition, name="group-definition"),
    path("groups/<uuid:group_id>/", group.group, name="group"),
    path("groups/<uuid:group_id>/decide/", group.decide, name="decide-group"),
    path("groups/<uuid:group_id>/split/<uuid:referral_id>/", group.split, name="split-group"),
    path("lanes/open/<uuid:sender_id>/", lane.open_lane, name="open-lane"),
    path("lanes/<uuid:lane_id>/", lane.lane, name="lane"),
    path("lanes/<uuid:lane_id>/close/", lane.close_lane, name="close-lane"),
    path("pace/", discipline.discipline, name="discipline"),
    path("pace/state/", discipline.state, name="state-discipline"),
    path("pace/skills/", discipline.add_skill, name="add-skill"),
    path("pace/skills/<uuid:skill_id>/drop/", discipline.drop_skill, name="drop-skill"),
    path("ranker/", ranker.ranker, name="ranker"),
    path("ranker/off/", ranker.off, name="ranker-off"),
    path("ranker/back/", ranker.roll_back, name="ranker-back"),
    path("ranker/<int:number>/", ranker.passport, name="ranker-passport"),
    path("ranker/<int:number>/act/", ranker.act, name="ranker-act"),
    path("line/", line.line, name="line"),
    path("line/set/", line.set_line, name="set-line"),
    path("line/retire/", line.retire_line, name="retire-line"),
    path("line/audit/", line.set_audit, name="set-audit"),
    path("referrals/<uuid:referral_id>/hand-over/", handover.prepare, name="hand-over"),
    path("referrals/<uuid:referral_id>/hand-over/send/", handover.send, name="hand-over-send"),
    path("exchange/", exchange.exchange, name="exchange"),
    path("exchange/sent/", exchange.sent, name="exchange-sent"),
    path("exchange/sent/<uuid:package_id>/erasure/", exchange.ask_erasure, name="ask-erasure"),
    path("exchange/sent/<uuid:package_id>/send/", exchange.send_part, name="send-part"),
    path("exchange/<uuid:arrival_id>/", exchange.package, name="package"),
    path("exchange/<uuid:arrival_id>/accept/", exchange.accept, name="accept-package"),
    path("exchange/<uuid:arrival_id>/refuse/", exchange.refuse, name="refuse-package"),
    path("exchange/<uuid:arrival_id>/note/", exchange.note_erasure, name="note-erasure"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/card/", agencies.card, name="agency-card"),
    path("agencies/propose/", agencies.propose, name="propose-agency"),
    path("agencies/enrolments/<uuid:enrolment_id>/confirm/", agencies.confirm, name="confirm-agency"),
    path("agencies/enrolments/<uuid:enrolment_id>/reject/", agencies.reject, name="reject-agency"),
    path("agencies/<uuid:agency_id>/revoke/", agencies.revoke, name="revoke-agency"),
    path("agencies/<uuid:agency_id>/contact-point/", agencies.contact_point, name="contact-point"),
    path("agencies/<uuid:agency_id>/transfer-basis/", agencies.transfer_basis, name="transfer-basis"),
    path("agencies/<uuid:agency_id>/questions/", agencies.questions, name="agency-questions"),
    path("files/<uuid:file_id>/", file.file, name="file"),
    path("files/<uuid:file_id>/cluster/", cluster.cluster, name="cluster"),
    path("files/<uuid:file_id>/findings/<uuid:seen_id>/label/", file.label, name="label-finding"),
    path("files/<uuid:file_id>/preview/", file.preview, name="file-preview"),
    path("analyses/", analyses.analyses, name="analyses"),
    path("analyses/new/", analyses.choose, name="analyse"),
    path("analyses/<uuid:order_id>/", analyses.analysis, name="analysis"),
    path("analyses/<uuid:order_id>/progress/", analyses.progress, name="analysis-progress"),
    path("analyses/<uuid:order_id>/cancel/", analyses.cancel, name="cancel-analysis"),
    path("matches/<int:match_id>/", match.match, name="match"),
    path("matches/<int:match_id>/files/", match.files, name="match-files"),
    path("matches/<int:match_id>/referrals/", match.referrals, name="match-referrals"),
    path("files/<uuid:file_id>/propose/", entry.propose_file, name="propose-file"),
    path("live/urgent/", live.urgent_now, name="urgent-now"),
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/second-factor/", signin.second_factor, name="second-factor"),
    path("sign-in/enrol/", signin.enrol, name="enrol"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("welcome/", invitation.welcome, name="welcome"),
    path("welcome/<str:word>/", invitation.open_link, name="open-link"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/units/", accounts.add_unit, name="add-unit"),
    path("accounts/units/<uuid:unit_id>/contact/", accounts.contact, name="unit-contact"),
    path("accounts/officers/", accounts.add_officer, name="add-officer"),
    path("accounts/officers/<uuid:officer_id>/capabilities/", accounts.set_capabilities, name="set-capabilities"),
    path("accounts/officers/<uuid:officer_id>/competence/", accounts.set_competence, name="set-competence"),
    path("accounts/officers/<uuid:officer_id>/<slug:what>/", accounts.act, name="officer-act"),
    path("accounts/tokens/<uuid:token_id>/revoke/", accounts.revoke_token, name="revoke-token"),
    path("custody/", custody.custody, name="custody"),
    path("custody/export/", custody.export_ledger, name="export-ledger"),
    path("custody/verify_ledger.py", custody.verifier, name="ledger-verifier"),
    path("custody/<uuid:entry_id>/", custody.ledger_entry, name="ledger-entry"),
    path("lists/", lists.lists, name="lists"),
    path("lists/import/", lists.import_list, name="import-list"),
    path("lists/find/", lists.find, name="find-entry"),
    path("lists/make/", entry.make_own, name="make-list"),
    path("lists/entries/", listed.entries, name="all-entries"),
    path("lists/entries/<int:entry_id>/", entry.entry, name="list-entry"),
    path("lists/entries/<int:entry_id>/act/", entry.act, name="entry-act"),
    path("lists/entries/<int:entry_id>/matches/", listed.matches, name="entry-matches"),
    path("lists/entries/<int:entry_id>/referrals/", listed.referrals, name="entry-referrals"),
    path("lists/videos/<int:video_id>/", video.video, name="listed-video"),
    path("lists/videos/<int:video_id>/act/", video.act, name="video-act"),
    path("lists/videos/<int:video_id>/files/", video.files, name="video-files"),
    path("lists/proposals/<uuid:proposal_id>/", entry.decide, name="decide-proposal"),
    path("lists/<uuid:list_id>/", one.hash_list, name="hash-list"),
    path("lists/<uuid:list_id>/entries/", listed.entries, name="list-entries"),
    path("lists/<uuid:list_id>/describe/", one.describe, name="describe-list"),
    path("lists/<uuid:list_id>/export/", one.export, name="export-list"),
    path("lists/<uuid:list_id>/serve/", one.serve, name="serve-list"),
    path("lists/<uuid:list_id>/reader/", one.reader, name="list-reader"),
    path("lists/<uuid:list_id>/feed/", one.feed, name="list-feed"),
    path("lists/<uuid:list_id>/propose/", entry.propose, name="propose-entry"),
    path("lists/<uuid:list_id>/remove/", lists.remove_list, name="remove-list"),
    path("notice/", notice.notice, name="notice"),
    path("notice/receipt/", notice.receipt, name="notice-receipt"),
    path("notice/<str:word>/", notice.open_link, name="notice-link"),
    path("notice-links/", notice_links.notice_links, name="notice-links"),
    path("notice-links/<uuid:link_id>/revoke/", notice_links.revoke_link, name="revoke-notice-link"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<uuid:document_id>/", quarantine.document, name="quarantine-document"),
    path("quarantine/<uuid:document_id>/read-again/", quarantine.read_document_again, name="read-document-again"),
    path("quarantine/<uuid:document_id>/dismiss/", quarantine.dismiss, name="dismiss-document"),
    path("quarantine/<uuid:document_id>/restore/", quarantine.restore, name="restore-document"),
    path("rules/", rules.rules, name="rules"),
    path("rules/edit/", rules.edit_rules, name="edit-rules"),
    path("rules/base/", rules_unit.base_rules, name="base-rules"),
    path("rules/one-alone/", rules_unit.one_alone, name="one-alone"),
    path("rules/import/", rules_unit.import_rules, name="import-rules"),
    path("rules/lane/", rules_unit.lane_for, name="lane-for"),
    path("rules/<int:number>/export/", rules_unit.export_rules, name="export-rules"),
    path("rules/draft/", rules.draft, name="rules-draft"),
    path("rules/draft/discard/", rules.discard_draft, name="discard-draft"),
    path("rules/<int:number>/", rules.version, name="rules-version"),
    path("rules/<int:number>/publish/", rules.publish_rules, name="publish-rules"),
    path("rules/<int:number>/roll-back/", rules.roll_back, name="roll-back-rules"),
    path("senders/", senders.senders, name="senders"),
    path("senders/<uuid:sender_id>/", senders.sender, name="sender"),
    path("senders/<uuid:sender_id>/referrals/", senders.sender_referrals, name="sender-referrals"),
    path("settings/", settings.settings, name="settings"),
    path("settings/password/", settings.change_password, name="change-password"),
    path("settings/device/", settings.change_device, name="change-device"),
    path("settings/recovery-codes/", settings.new_recovery_codes, name="new-recovery-codes"),
    path("settings/sessions/", settings.end_sessions, name="end-sessions"),
    path("settings/keys/", settings.choose_keys, name="choose-keys"),
    path("settings/languages/", settings.choose_languages, name="choose-languages"),
    path("settings/shared-lines/", shared_lines.shared_lines, name="shared-lines"),
    path("settings/shared-lines/put/", shared_lines.put, name="put-shared-lines"),
    path("settings/shared-lines/<int:number>/", shared_lines.as_file, name="shared-lines-file"),
    path("settings/theme/", settings.choose_theme, name="theme"),
    path("settings/purpose/", settings.choose_purpose, name="purpose"),
    path("models/", models.models, name="models"),
    path("models/<uuid:model_id>/", models.model, name="model"),
    path("models/<uuid:model_id>/act/", models.act, name="act-model"),
    path("models/<uuid:model_id>/inferences/", models.inferences, name="model-inferences"),
    path("models/<uuid:model_id>/compare/", models.compare, name="compare-models"),
    path("unit/", unit.unit, name="unit"),
    path("unit/laboratory/", laboratory.laboratory, name="laboratory"),
    path("unit/laboratory/<uuid:trial_id>/", laboratory.trial, name="trial"),
    path("unit/laboratory/<uuid:trial_id>/progress/", laboratory.progress, name="trial-progress"),
    path("unit/laboratory/<uuid:trial_id>/cancel/", laboratory.cancel, name="cancel-trial"),
    path("unit/referrals/", unit.unit_referrals, name="unit-referrals"),
    path("validations/", validation.validations, name="validations"),
    path("validations/<uuid:report_id>/", validation.validation, name="validation"),
    path("validations/<uuid:report_id>/file/", validation.validation_file, name="validation-file"),
]
