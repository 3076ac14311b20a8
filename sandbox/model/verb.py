"""Every step that somebody may or may not take, by its name in `policies/authorisation.cedar`."""

from enum import StrEnum


class Verb(StrEnum):
    """A step."""

    ASK_FOR_DATA = "ask_for_data"
    ANSWER_DEMAND = "answer_demand"
    APPLY = "apply"
    LIST_APPLICATIONS = "list_applications"
    LIST_OVERDUE = "list_overdue"
    READ_APPLICATION = "read_application"
    READ_PROOF = "read_proof"
    EDIT_APPLICATION = "edit_application"
    SUBMIT_APPLICATION = "submit_application"
    RESUBMIT_APPLICATION = "resubmit_application"
    WITHDRAW_APPLICATION = "withdraw_application"
    SUPPLEMENT = "supplement"
    ASSESS = "assess"
    CONSENT = "consent"
    DECIDE = "decide"
    LIST_AGREEMENTS = "list_agreements"
    READ_AGREEMENT = "read_agreement"
    SIGN_AGREEMENT = "sign_agreement"
    READ_AGREEMENT_ACCOUNTS = "read_agreement_accounts"
    DISPOSE = "dispose"
    EXPLAIN = "explain"
    ASK = "ask"
    READ_SUBMISSION = "read_submission"
    UPLOAD = "upload"
    PUBLISH = "publish"
    READ_TERMS = "read_terms"
    REGISTER_OWNER = "register_owner"
    SPEAK_FOR = "speak_for"
    IMPORT_LIST = "import_list"
    MERGE_LISTS = "merge_lists"
    LIST_CLASHES = "list_clashes"
    RESOLVE_CLASH = "resolve_clash"
    LIST_HIDDEN = "list_hidden"
    OPEN_DATA = "open_data"
    DOWNLOAD = "download"
    LIST_SOURCES = "list_sources"
    READ_SOURCE = "read_source"
    CHANGE_SOURCE = "change_source"
    LIST_EMERGENCIES = "list_emergencies"
    READ_EMERGENCY = "read_emergency"
    DECLARE_EMERGENCY = "declare_emergency"
    CONFIRM_EMERGENCY = "confirm_emergency"
    REVIEW = "review"
    ERASE = "erase"
    READ_LOG = "read_log"
    COSIGN = "cosign"
    ISSUE_TOKEN = "issue_token"  # noqa: S105  (a step's name)
    ISSUE_TOKEN_FOR = "issue_token_for"  # noqa: S105
    LIST_TOKENS = "list_tokens"
    READ_TOKEN = "read_token"  # noqa: S105
    REVOKE_TOKEN = "revoke_token"  # noqa: S105
    CHANGE_PASSWORD = "change_password"  # noqa: S105
    OPEN_ACCOUNT = "open_account"
    LIST_ACCOUNTS = "list_accounts"
    CLOSE_ACCOUNT = "close_account"
    RESET_PASSWORD = "reset_password"  # noqa: S105
