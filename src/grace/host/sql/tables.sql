-- Every table, as all migrations together make it. Generated (`make docs`), and held to the migrations by a test.
-- An empty database of PostgreSQL 18 or later starts from here; migrations that are not named at the end follow.
SET LOCAL check_function_bodies = off;

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.matching_coverage_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    was boolean := TG_OP <> 'INSERT' AND OLD.entries > 0;
    is_now boolean := TG_OP <> 'DELETE' AND NEW.entries > 0;
    list_id uuid; kind text; serves uuid; does_count boolean;
BEGIN
    IF was = is_now THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        list_id := OLD.hash_list_id; kind := OLD.algorithm;
    ELSE
        list_id := NEW.hash_list_id; kind := NEW.algorithm;
    END IF;
    SELECT l.unit_id, l.meaning = 'alert' INTO serves, does_count FROM matching_hashlist l WHERE l.id = list_id;
    IF does_count IS NOT false AND NOT EXISTS (
        SELECT FROM matching_coverage c JOIN matching_hashlist l ON l.id = c.hash_list_id
        WHERE c.algorithm = kind AND c.entries > 0 AND c.hash_list_id <> list_id AND (l.unit_id IS NULL OR l.unit_id = serves) AND l.meaning = 'alert'
    ) THEN
        INSERT INTO matching_sweep (unit_id, part, first_entry) VALUES (serves, 'referrals', 0)
        ON CONFLICT (unit_id, part) WHERE begun_at IS NULL DO UPDATE SET transaction = NULL;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_entries_came() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO matching_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM new_rows ORDER BY id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_entries_went() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO matching_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM old_rows ORDER BY id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_list_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION public.matching_matches_went() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO matching_due (came, algorithm, value) SELECT DISTINCT false, algorithm, value FROM old_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_pictures_of(kind text, quality smallint, value bytea) RETURNS SETOF bytea
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT value WHERE kind = 'pdq' AND quality >= 50 AND octet_length(value) = 32
    UNION ALL
    SELECT DISTINCT substring(whole FROM 12 + 37 * n FOR 32)
    FROM (SELECT value || ''::bytea AS whole WHERE kind = 'vpdq' OFFSET 0) AS video,
         generate_series(0, (octet_length(whole) - 6) / 37 - 1) AS n
    WHERE get_byte(whole, 10 + 37 * n) >= 50
$$;

CREATE FUNCTION public.matching_prints_came() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    
    WITH came AS (
        INSERT INTO matching_held (fingerprint_id, algorithm, value)
        SELECT n.id, 'pdq', picture FROM new_rows n CROSS JOIN LATERAL matching_pictures_of(n.algorithm, n.quality, n.value) AS picture
        WHERE NOT EXISTS (SELECT FROM matching_held h WHERE h.fingerprint_id = n.id)
        ORDER BY n.id RETURNING id, algorithm, value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM came ORDER BY id;

    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_prints_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH went AS (
        DELETE FROM matching_held h USING old_rows o, new_rows n
        WHERE h.fingerprint_id = o.id AND n.id = o.id AND (o.value, o.quality) IS DISTINCT FROM (n.value, n.quality)
        RETURNING h.id, h.algorithm, h.value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM went ORDER BY id;
    
    WITH came AS (
        INSERT INTO matching_held (fingerprint_id, algorithm, value)
        SELECT n.id, 'pdq', picture FROM new_rows n CROSS JOIN LATERAL matching_pictures_of(n.algorithm, n.quality, n.value) AS picture
        WHERE NOT EXISTS (SELECT FROM matching_held h WHERE h.fingerprint_id = n.id)
        ORDER BY n.id RETURNING id, algorithm, value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM came ORDER BY id;

    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_prints_went() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH went AS (
        DELETE FROM matching_held h USING old_rows o WHERE h.fingerprint_id = o.id RETURNING h.id, h.algorithm, h.value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM went ORDER BY id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.matching_video_pictures(of_list uuid, of_item text) RETURNS TABLE(entry bigint, value bytea, added_at timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    SELECT e.id, e.value, e.added_at FROM matching_entry e
    WHERE e.hash_list_id = of_list AND e.item = of_item AND e.item <> '' AND e.algorithm = 'pdq'
    UNION ALL
    SELECT named.id, named.value, named.added_at FROM matching_naming n CROSS JOIN LATERAL (
        SELECT e.id, e.value, e.added_at FROM matching_entry e
        WHERE e.id = n.entry_id AND e.hash_list_id = of_list AND e.algorithm = 'pdq' OFFSET 0
    ) named WHERE n.item = of_item
$$;

CREATE FUNCTION public.matching_worth_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN 
    INSERT INTO matching_due (came, algorithm, value) SELECT DISTINCT false, m.algorithm, m.value
    FROM new_rows n JOIN matching_match m ON m.entry_id = n.entry_id;

    INSERT INTO matching_due (came, algorithm, value, entry) SELECT DISTINCT true, 'pdq', p.value, p.entry
    FROM new_rows r
    JOIN matching_entry e ON e.id = r.entry_id
    JOIN matching_listed_video v ON v.hash_list_id = e.hash_list_id
     AND (v.item = e.item OR v.item IN (SELECT n.item FROM matching_naming n WHERE n.entry_id = e.id))
    CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p;
 RETURN NULL; END $$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE TABLE public.accounts_api_token (
    id uuid NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL,
    capabilities text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    unit_id uuid NOT NULL,
    CONSTRAINT accounts_api_token_capability_known CHECK ((capabilities <@ ARRAY['read'::text, 'decide'::text, 'open_files'::text, 'edit_rules'::text, 'publish_rules'::text, 'match'::text, 'manage_lists'::text, 'manage_lanes'::text, 'manage_models'::text, 'receive'::text, 'quarantine'::text, 'audit'::text, 'administer'::text]))
);

CREATE TABLE public.accounts_invitation (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    officer_id uuid
);

CREATE TABLE public.accounts_officer (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id uuid NOT NULL,
    username text NOT NULL,
    display_name text NOT NULL,
    email character varying(254) NOT NULL,
    capabilities text[] NOT NULL,
    is_active boolean NOT NULL,
    locked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    preferences jsonb NOT NULL,
    totp_sealed bytea,
    totp_confirmed_at timestamp with time zone,
    totp_last_step bigint NOT NULL,
    unit_id uuid NOT NULL,
    languages text[] DEFAULT '{}'::text[] NOT NULL,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT accounts_officer_capability_known CHECK ((capabilities <@ ARRAY['read'::text, 'decide'::text, 'open_files'::text, 'edit_rules'::text, 'publish_rules'::text, 'match'::text, 'manage_lists'::text, 'manage_lanes'::text, 'manage_models'::text, 'receive'::text, 'quarantine'::text, 'audit'::text, 'administer'::text])),
    CONSTRAINT accounts_officer_confirmed_has_secret CHECK (((totp_confirmed_at IS NULL) OR (totp_sealed IS NOT NULL)))
);

CREATE TABLE public.accounts_recovery_code (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    used_at timestamp with time zone,
    officer_id uuid NOT NULL
);

CREATE TABLE public.accounts_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    seen_at timestamp with time zone,
    officer_id uuid
);

CREATE TABLE public.accounts_throttle (
    key text NOT NULL,
    failures integer NOT NULL,
    began_at timestamp with time zone NOT NULL,
    rests_until timestamp with time zone
);

CREATE TABLE public.accounts_unit (
    id uuid NOT NULL,
    name text NOT NULL,
    slug character varying(50) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    contact text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.agencies_agency (
    id uuid NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    address text NOT NULL,
    is_contact_point boolean NOT NULL,
    transfer_basis text NOT NULL,
    transfer_because text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    questions_because text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.agencies_enrolment (
    id uuid NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    address text NOT NULL,
    signing bytea NOT NULL,
    sealing bytea NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    confirmed_by text NOT NULL,
    confirmed_at timestamp with time zone,
    ended_by text NOT NULL,
    ended_at timestamp with time zone,
    ended_because text NOT NULL,
    agency_id uuid NOT NULL,
    CONSTRAINT agencies_enrolment_two_persons CHECK ((NOT (confirmed_by = proposed_by)))
);

CREATE TABLE public.analysis_clustered (
    id bigint NOT NULL,
    centre uuid NOT NULL,
    seen bytea NOT NULL,
    file_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.analysis_clustered ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_clustered_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.analysis_descriptor (
    id uuid NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    quality smallint NOT NULL,
    run_id uuid NOT NULL
);

CREATE TABLE public.analysis_inference (
    id uuid NOT NULL,
    rule text NOT NULL,
    tensor bytea NOT NULL,
    outputs jsonb NOT NULL,
    scores jsonb NOT NULL,
    thresholds jsonb NOT NULL,
    shadow boolean NOT NULL,
    milliseconds integer NOT NULL,
    at timestamp with time zone NOT NULL,
    file_id uuid,
    model_id uuid NOT NULL,
    referral_id uuid,
    sha256 bytea NOT NULL,
    CONSTRAINT analysis_inference_of_one CHECK ((((file_id IS NOT NULL) AND (referral_id IS NULL) AND (sha256 = '\x'::bytea)) OR ((file_id IS NULL) AND (referral_id IS NOT NULL))))
);

CREATE TABLE public.analysis_label (
    id uuid NOT NULL,
    analyser text NOT NULL,
    version text NOT NULL,
    model_digest text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    verdict text NOT NULL,
    instead text NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL,
    file_id uuid,
    unit_id uuid NOT NULL,
    referral_id uuid,
    sha256 bytea NOT NULL,
    CONSTRAINT analysis_label_instead CHECK (((verdict = 'wrong'::text) OR (instead = ''::text))),
    CONSTRAINT analysis_label_of_one CHECK ((((file_id IS NOT NULL) AND (referral_id IS NULL) AND (sha256 = '\x'::bytea)) OR ((file_id IS NULL) AND (referral_id IS NOT NULL))))
);

CREATE TABLE public.analysis_model (
    id uuid NOT NULL,
    digest text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    passport bytea NOT NULL,
    signatures bytea NOT NULL,
    signer uuid NOT NULL,
    state text NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    promoted_at timestamp with time zone,
    before_id uuid,
    graph_id uuid NOT NULL
);

CREATE TABLE public.analysis_order (
    id uuid NOT NULL,
    actor text NOT NULL,
    purpose text NOT NULL,
    analysers jsonb NOT NULL,
    files integer NOT NULL,
    done integer NOT NULL,
    found integer NOT NULL,
    milliseconds bigint NOT NULL,
    state text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    unit_id uuid NOT NULL,
    referrals integer NOT NULL,
    CONSTRAINT analysis_order_ends_once CHECK ((((ended_at IS NOT NULL) AND (state = ANY (ARRAY['done'::text, 'cancelled'::text]))) OR ((ended_at IS NULL) AND (state = ANY (ARRAY['waiting'::text, 'running'::text])))))
);

CREATE TABLE public.analysis_ordered (
    id bigint NOT NULL,
    place integer NOT NULL,
    done_at timestamp with time zone,
    file_id uuid,
    order_id uuid NOT NULL,
    referral_id uuid,
    CONSTRAINT analysis_ordered_of_one CHECK ((((file_id IS NOT NULL) AND (referral_id IS NULL)) OR ((file_id IS NULL) AND (referral_id IS NOT NULL))))
);

ALTER TABLE public.analysis_ordered ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.analysis_ordered_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.analysis_run (
    id uuid NOT NULL,
    analyser text NOT NULL,
    version text NOT NULL,
    model_digest text NOT NULL,
    failed text NOT NULL,
    milliseconds integer NOT NULL,
    at timestamp with time zone NOT NULL,
    file_id uuid NOT NULL
);

CREATE TABLE public.analysis_seen (
    id uuid NOT NULL,
    place integer NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    basis text NOT NULL,
    located text NOT NULL,
    confidence double precision,
    facts jsonb NOT NULL,
    run_id uuid NOT NULL,
    CONSTRAINT analysis_seen_basis CHECK ((basis = ANY (ARRAY['observed'::text, 'model'::text])))
);

CREATE TABLE public.analysis_text_run (
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    analyser text NOT NULL,
    version text NOT NULL,
    model_digest text NOT NULL,
    failed text NOT NULL,
    milliseconds integer NOT NULL,
    seen jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    referral_id uuid NOT NULL
);

CREATE TABLE public.analysis_texts_waiting (
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    referral_id uuid NOT NULL
);

CREATE TABLE public.api_answered (
    token_id uuid NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    status smallint NOT NULL,
    answer jsonb NOT NULL,
    answered_at timestamp with time zone NOT NULL
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_alert (
    id uuid NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    attempts integer NOT NULL,
    tried_at timestamp with time zone,
    told text NOT NULL,
    failure text NOT NULL,
    referral_id uuid,
    unit_id uuid NOT NULL,
    arrival uuid,
    reference text DEFAULT ''::text NOT NULL,
    line uuid,
    hits integer DEFAULT 0 NOT NULL,
    kept_id uuid,
    CONSTRAINT casework_alert_of_one CHECK ((((arrival IS NULL) AND (kept_id IS NULL) AND (line IS NULL) AND (referral_id IS NOT NULL)) OR ((arrival IS NOT NULL) AND (kept_id IS NULL) AND (line IS NULL) AND (referral_id IS NULL)) OR ((arrival IS NULL) AND (kept_id IS NULL) AND (line IS NOT NULL) AND (referral_id IS NULL)) OR ((arrival IS NULL) AND (kept_id IS NOT NULL) AND (line IS NULL) AND (referral_id IS NULL))))
);

CREATE TABLE public.casework_answer (
    id uuid NOT NULL,
    month date NOT NULL,
    kind text NOT NULL,
    expected text NOT NULL,
    answered text NOT NULL,
    proposed text NOT NULL,
    shown boolean NOT NULL,
    opened boolean NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.casework_confirmed (
    referral_id uuid NOT NULL,
    answer text NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.casework_decision (
    id uuid NOT NULL,
    act text NOT NULL,
    reason text NOT NULL,
    recipient text NOT NULL,
    floor smallint NOT NULL,
    before jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    officer_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    reverses_id uuid,
    part_of_id uuid
);

CREATE TABLE public.casework_discipline (
    unit_id uuid NOT NULL,
    capacity integer NOT NULL,
    officers integer NOT NULL,
    patience integer NOT NULL,
    bound integer NOT NULL,
    second integer NOT NULL,
    seeded integer NOT NULL,
    hidden integer NOT NULL,
    most_a_day integer NOT NULL,
    with_files boolean NOT NULL,
    seed text NOT NULL,
    figures jsonb NOT NULL,
    counted_at timestamp with time zone,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT casework_discipline_hidden CHECK (((hidden >= 0) AND (hidden <= 500))),
    CONSTRAINT casework_discipline_small CHECK ((((second >= 0) AND (second <= 200)) AND ((seeded >= 0) AND (seeded <= 200))))
);

CREATE TABLE public.casework_group_decision (
    id uuid NOT NULL,
    act text NOT NULL,
    reason text NOT NULL,
    members integer NOT NULL,
    spared integer NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    group_id uuid NOT NULL,
    officer_id uuid NOT NULL,
    reverses_id uuid
);

CREATE TABLE public.casework_kept_hit (
    id bigint NOT NULL,
    ways text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    referral_id uuid NOT NULL,
    search_id uuid NOT NULL
);

ALTER TABLE public.casework_kept_hit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.casework_kept_hit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_kept_pending (
    id bigint NOT NULL,
    files_only boolean NOT NULL,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.casework_kept_pending ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.casework_kept_pending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_kept_search (
    id uuid NOT NULL,
    owner uuid NOT NULL,
    via text NOT NULL,
    for_unit boolean NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    spelt text NOT NULL,
    status text NOT NULL,
    sender uuid,
    kind text NOT NULL,
    state text NOT NULL,
    since date,
    until date,
    files text NOT NULL,
    purpose text NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    since_at timestamp with time zone NOT NULL,
    last_hit bigint NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.casework_kept_seen (
    id bigint NOT NULL,
    hit bigint NOT NULL,
    officer_id uuid NOT NULL,
    search_id uuid NOT NULL
);

ALTER TABLE public.casework_kept_seen ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.casework_kept_seen_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_kept_term (
    id bigint NOT NULL,
    way text NOT NULL,
    value text NOT NULL,
    search_id uuid NOT NULL
);

ALTER TABLE public.casework_kept_term ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.casework_kept_term_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_lane (
    id uuid NOT NULL,
    share integer NOT NULL,
    seed text NOT NULL,
    reason text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    close_reason text NOT NULL,
    closed_at timestamp with time zone,
    figures jsonb NOT NULL,
    closed_by_id uuid,
    opened_by_id uuid NOT NULL,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    CONSTRAINT casework_lane_share CHECK (((share >= 1) AND (share <= 1000)))
);

CREATE TABLE public.casework_note (
    id uuid NOT NULL,
    text text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    officer_id uuid NOT NULL,
    referral_id uuid NOT NULL
);

CREATE TABLE public.casework_queue (
    referral_id uuid NOT NULL,
    status text NOT NULL,
    outcome text NOT NULL,
    floor smallint NOT NULL,
    score integer NOT NULL,
    completeness smallint NOT NULL,
    actionability smallint NOT NULL,
    urgency smallint NOT NULL,
    novelty smallint NOT NULL,
    why jsonb NOT NULL,
    number bigint NOT NULL,
    incident_kind text NOT NULL,
    summary jsonb NOT NULL,
    format text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    officer_id uuid,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    group_id uuid,
    is_line boolean DEFAULT true NOT NULL,
    stands boolean DEFAULT false NOT NULL,
    turn smallint DEFAULT 1 NOT NULL,
    lane_id uuid,
    recipients jsonb NOT NULL,
    lacks jsonb,
    over_share_on date,
    way text DEFAULT ''::text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    queues jsonb DEFAULT '[]'::jsonb NOT NULL
);

CREATE TABLE public.casework_second_look (
    id uuid NOT NULL,
    kind text NOT NULL,
    expected text NOT NULL,
    opened boolean NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    given_at timestamp with time zone,
    ended_on date,
    officer_id uuid,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    CONSTRAINT casework_second_look_forgotten CHECK (((ended_on IS NULL) OR ((expected = ''::text) AND (kind = ''::text) AND (NOT opened))))
);

CREATE TABLE public.casework_sender_day (
    id bigint NOT NULL,
    day date NOT NULL,
    referrals integer NOT NULL,
    waiting integer NOT NULL,
    with_files integer NOT NULL,
    completeness jsonb NOT NULL,
    told jsonb NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    actionable integer NOT NULL
);

ALTER TABLE public.casework_sender_day ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.casework_sender_day_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_sender_touched (
    id bigint NOT NULL,
    day date NOT NULL,
    rows integer NOT NULL,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.casework_sender_touched ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.casework_sender_touched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.casework_skill (
    id uuid NOT NULL,
    name text NOT NULL,
    kinds text[] NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.casework_trial (
    id uuid NOT NULL,
    name text NOT NULL,
    setting jsonb NOT NULL,
    courses integer NOT NULL,
    played jsonb NOT NULL,
    done integer NOT NULL,
    result jsonb,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    unit_id uuid NOT NULL
);

CREATE TABLE public.casework_unit_figures (
    unit_id uuid NOT NULL,
    figures jsonb NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    seconds double precision NOT NULL
);

CREATE TABLE public.casework_visit (
    officer_id uuid NOT NULL,
    seen_until timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL
);

CREATE TABLE public.custody_checkpoint (
    id uuid NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL,
    frontier bytea NOT NULL
);

CREATE TABLE public.custody_entry (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    act text NOT NULL,
    purpose text NOT NULL,
    subjects text[] NOT NULL,
    detail jsonb NOT NULL,
    recipient text NOT NULL,
    denied boolean NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT custody_entry_one_of_six_kinds CHECK ((kind = ANY (ARRAY['COLLECTION'::text, 'ALTERATION'::text, 'CONSULTATION'::text, 'DISCLOSURE'::text, 'COMBINATION'::text, 'ERASURE'::text]))),
    CONSTRAINT custody_entry_salted CHECK ((length(salt) = 16))
);

CREATE TABLE public.custody_leaf (
    seq bigint NOT NULL,
    entry_id uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT custody_leaf_counts_from_zero CHECK ((seq >= 0)),
    CONSTRAINT custody_leaf_is_sha256 CHECK ((length(digest) = 32))
);

CREATE TABLE public.custody_node (
    level smallint NOT NULL,
    index bigint NOT NULL,
    root bytea NOT NULL
);

CREATE TABLE public.custody_pending (
    entry_id uuid NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.custody_subject (
    subject bigint NOT NULL,
    entry_id uuid NOT NULL
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.evidence_archive (
    archive_id uuid NOT NULL,
    root_id uuid,
    depth smallint NOT NULL,
    next integer NOT NULL,
    taken integer NOT NULL,
    left_out integer NOT NULL,
    bytes bigint NOT NULL,
    reason text NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

CREATE TABLE public.evidence_examination (
    id uuid NOT NULL,
    decoded boolean NOT NULL,
    reason text NOT NULL,
    width integer,
    height integer,
    decoder text NOT NULL,
    at timestamp with time zone NOT NULL,
    file_id uuid NOT NULL,
    CONSTRAINT evidence_examination_says_why CHECK (((decoded AND (reason = ''::text)) OR ((NOT decoded) AND (reason ~~ 'not decoded: %'::text))))
);

CREATE TABLE public.evidence_file (
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    sha1 bytea NOT NULL,
    md5 bytea NOT NULL,
    size bigint NOT NULL,
    media_type text NOT NULL,
    since timestamp with time zone NOT NULL,
    object_id uuid NOT NULL
);

CREATE TABLE public.evidence_fingerprint (
    id uuid NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    quality smallint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    file_id uuid NOT NULL,
    CONSTRAINT evidence_fingerprint_quality CHECK (((quality >= 0) AND (quality <= 100)))
);

CREATE TABLE public.evidence_holding (
    id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    why text NOT NULL,
    file_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.evidence_kept_report (
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    passed boolean NOT NULL,
    summary text NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    kept_by text NOT NULL,
    object_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.evidence_member (
    id uuid NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    reason text NOT NULL,
    archive_id uuid NOT NULL,
    file_id uuid,
    CONSTRAINT evidence_member_says_why CHECK ((((file_id IS NOT NULL) AND (reason = ''::text)) OR ((file_id IS NULL) AND (NOT (reason = ''::text)))))
);

CREATE TABLE public.evidence_object (
    id uuid NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    agency_key_id text NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT evidence_object_size_not_negative CHECK ((size >= 0))
);

CREATE TABLE public.exchange_arrival (
    id uuid NOT NULL,
    package uuid NOT NULL,
    kind text NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    manifest bytea NOT NULL,
    report bytea,
    purpose text NOT NULL,
    conditions jsonb NOT NULL,
    handling text NOT NULL,
    reason text NOT NULL,
    urgent boolean NOT NULL,
    made_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    receipt text NOT NULL,
    state text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone,
    decided_because text NOT NULL,
    agency_id uuid NOT NULL,
    object_id uuid,
    referral_id uuid,
    replaces_id uuid,
    unit_id uuid NOT NULL
);

CREATE TABLE public.exchange_dispatch (
    id uuid NOT NULL,
    kind text NOT NULL,
    ordinal integer NOT NULL,
    part jsonb NOT NULL,
    purpose text NOT NULL,
    conditions jsonb NOT NULL,
    handling text NOT NULL,
    reason text NOT NULL,
    urgent boolean NOT NULL,
    answers uuid,
    answer text NOT NULL,
    decision uuid,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    sealed_for text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    due_at timestamp with time zone,
    failure text NOT NULL,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    receipt text NOT NULL,
    answered_at timestamp with time zone,
    answer_reason text NOT NULL,
    agency_id uuid NOT NULL,
    object_id uuid,
    referral_id uuid,
    replaces_id uuid,
    unit_id uuid NOT NULL
);

CREATE TABLE public.exchange_evaluated (
    id bigint NOT NULL,
    day date NOT NULL,
    number integer NOT NULL,
    agency_id uuid NOT NULL
);

ALTER TABLE public.exchange_evaluated ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_evaluated_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exchange_question (
    id uuid NOT NULL,
    because text NOT NULL,
    number integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    officer_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.exchange_reply (
    id bigint NOT NULL,
    value uuid NOT NULL,
    says text NOT NULL,
    why text NOT NULL,
    as_of timestamp with time zone,
    at timestamp with time zone NOT NULL,
    agency_id uuid,
    question_id uuid NOT NULL,
    unit_id uuid,
    CONSTRAINT exchange_reply_of_one CHECK ((((unit_id IS NULL) OR (agency_id IS NULL)) AND (1 = (
CASE
    WHEN (unit_id IS NULL) THEN 1
    ELSE 0
END +
CASE
    WHEN (agency_id IS NULL) THEN 1
    ELSE 0
END))))
);

ALTER TABLE public.exchange_reply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.exchange_reply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.exchange_tag_set (
    agency_id uuid NOT NULL,
    epoch text NOT NULL,
    sha256 bytea NOT NULL,
    body bytea NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.intake_document (
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    size bigint NOT NULL,
    way text NOT NULL,
    name text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    format text NOT NULL,
    format_version text NOT NULL,
    reason_code text NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    dismissed_because text NOT NULL,
    object_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.intake_incoming_file (
    id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    md5 bytea NOT NULL,
    sha1 bytea NOT NULL,
    sha256 bytea NOT NULL,
    media_type text NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    details_id uuid,
    object_id uuid NOT NULL,
    report_id bigint NOT NULL
);

CREATE TABLE public.intake_incoming_report (
    number bigint NOT NULL,
    state text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    document_id uuid,
    login_id uuid NOT NULL,
    object_id uuid
);

ALTER TABLE public.intake_incoming_report ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_incoming_report_number_seq
    START WITH 10000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.intake_notice_link (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.intake_sender (
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL
);

CREATE TABLE public.intake_sender_day (
    id bigint NOT NULL,
    day date NOT NULL,
    received integer NOT NULL,
    counted integer NOT NULL,
    over_share integer NOT NULL,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.intake_sender_day ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.intake_sender_day_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.intake_sender_login (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    closed_at timestamp with time zone,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.intake_sender_secret (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    login_id uuid NOT NULL
);

CREATE TABLE public.links_again (
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.links_bearing (
    id bigint NOT NULL,
    value uuid NOT NULL,
    kind text NOT NULL,
    basis text NOT NULL,
    first_at timestamp with time zone,
    last_at timestamp with time zone,
    weak boolean NOT NULL,
    in_text boolean NOT NULL,
    identifier_id uuid,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.links_bearing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_bearing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links_circle (
    id uuid NOT NULL,
    members integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.links_circled (
    referral_id uuid NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    circle_id uuid NOT NULL
);

CREATE TABLE public.links_definition (
    id uuid NOT NULL,
    number integer NOT NULL,
    body jsonb NOT NULL,
    note text NOT NULL,
    edited_by text NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.links_earlier (
    id bigint NOT NULL,
    issuer text NOT NULL,
    external text NOT NULL,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.links_earlier ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_earlier_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links_group (
    id uuid NOT NULL,
    kind text NOT NULL,
    key bytea NOT NULL,
    members integer NOT NULL,
    accounts integer NOT NULL,
    first_at timestamp with time zone,
    last_at timestamp with time zone,
    spans jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    definition_id uuid NOT NULL,
    merged_into_id uuid,
    unit_id uuid NOT NULL
);

CREATE TABLE public.links_group_sender (
    id bigint NOT NULL,
    members integer NOT NULL,
    group_id uuid NOT NULL,
    sender_id uuid NOT NULL
);

ALTER TABLE public.links_group_sender ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_group_sender_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links_member (
    id bigint NOT NULL,
    kind text NOT NULL,
    basis text NOT NULL,
    evidence jsonb NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    split_at timestamp with time zone,
    split_because text NOT NULL,
    group_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    split_by_id uuid
);

ALTER TABLE public.links_member ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links_occurrence (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    basis text NOT NULL,
    bundled_by_id uuid,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.links_occurrence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_occurrence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links_pending (
    referral_id uuid NOT NULL,
    bundled boolean NOT NULL,
    earlier jsonb NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.links_print (
    id bigint NOT NULL,
    print bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.links_print ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_print_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.links_shared_lines (
    number integer NOT NULL,
    entries jsonb NOT NULL,
    note text NOT NULL,
    edited_by text NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    looked_until uuid NOT NULL,
    followed_at timestamp with time zone
);

CREATE TABLE public.links_verdict (
    id bigint NOT NULL,
    says text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    officer_id uuid NOT NULL,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.links_verdict ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.links_verdict_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_change (
    id bigint NOT NULL,
    entry bigint NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    came boolean NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

ALTER TABLE public.matching_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_coverage (
    id uuid NOT NULL,
    algorithm text NOT NULL,
    entries bigint NOT NULL,
    hash_list_id uuid NOT NULL
);

CREATE TABLE public.matching_due (
    id bigint NOT NULL,
    came boolean NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    entry bigint,
    transaction bigint,
    CONSTRAINT matching_due_entry CHECK (((came AND (entry IS NOT NULL)) OR ((NOT came) AND (entry IS NULL))))
);

ALTER TABLE public.matching_due ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_entry (
    id bigint NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    category text NOT NULL,
    source text NOT NULL,
    note text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    hash_list_id uuid NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    item text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.matching_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_feed (
    hash_list_id uuid NOT NULL,
    address text NOT NULL,
    secret_name text NOT NULL,
    every_minutes integer NOT NULL,
    is_on boolean NOT NULL,
    until timestamp with time zone,
    round_until timestamp with time zone,
    following text NOT NULL,
    following_at timestamp with time zone,
    pages integer NOT NULL,
    items bigint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    succeeded_at timestamp with time zone,
    failures integer NOT NULL,
    failed_because text NOT NULL,
    CONSTRAINT matching_feed_every CHECK (((every_minutes >= 1) AND (every_minutes <= 10080)))
);

CREATE TABLE public.matching_hashlist (
    id uuid NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    default_category text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    unit_id uuid,
    version integer DEFAULT 0 NOT NULL,
    conditions text DEFAULT ''::text NOT NULL,
    is_own boolean DEFAULT false NOT NULL,
    licence text DEFAULT ''::text NOT NULL,
    may_pass_on boolean DEFAULT false NOT NULL,
    meaning text DEFAULT 'alert'::text NOT NULL,
    noisy_days smallint DEFAULT 7 NOT NULL,
    noisy_referrals integer,
    CONSTRAINT matching_hashlist_meaning CHECK ((meaning = ANY (ARRAY['alert'::text, 'known'::text, 'negative'::text]))),
    CONSTRAINT matching_hashlist_noisy CHECK ((((noisy_days >= 1) AND (noisy_days <= 90)) AND ((noisy_referrals IS NULL) OR (noisy_referrals >= 2))))
);

CREATE TABLE public.matching_held (
    id bigint NOT NULL,
    fingerprint_id uuid NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL
);

CREATE TABLE public.matching_held_change (
    id bigint NOT NULL,
    entry bigint NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    came boolean NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

ALTER TABLE public.matching_held_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_held_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.matching_held ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_held_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_hit (
    id bigint NOT NULL,
    referral_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    entry_id bigint NOT NULL
);

ALTER TABLE public.matching_hit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_hit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_indexed (
    origin uuid NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.matching_listed_video (
    id bigint NOT NULL,
    item text NOT NULL,
    label text NOT NULL,
    hash_list_id uuid NOT NULL,
    milliseconds bigint,
    added_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    set_at timestamp with time zone,
    restored_at timestamp with time zone,
    set_by text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    restored_by text DEFAULT ''::text NOT NULL,
    restored_because text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.matching_listed_video ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_listed_video_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_match (
    id bigint NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    kind text NOT NULL,
    distance smallint NOT NULL,
    found_at timestamp with time zone NOT NULL,
    entry_id bigint NOT NULL,
    basis text DEFAULT 'observed'::text NOT NULL,
    list_version integer,
    list_changed_at timestamp with time zone,
    index_origin uuid,
    index_layout text DEFAULT ''::text NOT NULL,
    index_generation bigint,
    CONSTRAINT matching_match_distance CHECK ((((distance = 0) AND (kind = 'exact'::text)) OR (((distance >= 1) AND (distance <= 256)) AND (kind = 'near'::text))))
);

ALTER TABLE public.matching_match ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_match_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_naming (
    id bigint NOT NULL,
    item text NOT NULL,
    category text NOT NULL,
    source text NOT NULL,
    entry_id bigint NOT NULL
);

ALTER TABLE public.matching_naming ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_naming_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_opinion (
    id bigint NOT NULL,
    actor text NOT NULL,
    stance text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    entry_id bigint NOT NULL,
    hash_list_id uuid NOT NULL
);

ALTER TABLE public.matching_opinion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_opinion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_proposal (
    id uuid NOT NULL,
    digests jsonb NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    note text NOT NULL,
    reason text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone,
    decided_because text NOT NULL,
    hash_list_id uuid NOT NULL,
    CONSTRAINT matching_proposal_four_eyes CHECK ((NOT ((decided_by = proposed_by) AND (state = 'approved'::text))))
);

CREATE TABLE public.matching_reader (
    id bigint NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by text NOT NULL,
    ended_at timestamp with time zone,
    hash_list_id uuid NOT NULL,
    login_id uuid NOT NULL
);

ALTER TABLE public.matching_reader ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_reader_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_removed (
    id bigint NOT NULL,
    entry_id bigint NOT NULL,
    algorithm text NOT NULL,
    value bytea NOT NULL,
    category text NOT NULL,
    source text NOT NULL,
    note text NOT NULL,
    item text NOT NULL,
    facts jsonb NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone NOT NULL,
    removed_by text NOT NULL,
    why text NOT NULL,
    hash_list_id uuid NOT NULL
);

ALTER TABLE public.matching_removed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_removed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_served (
    id bigint NOT NULL,
    item text NOT NULL,
    at timestamp with time zone,
    hash_list_id uuid NOT NULL
);

ALTER TABLE public.matching_served ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_served_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.matching_setaside (
    entry_id bigint NOT NULL,
    why text NOT NULL,
    referrals integer NOT NULL,
    reason text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by text NOT NULL,
    restored_at timestamp with time zone,
    restored_by text NOT NULL,
    restored_because text NOT NULL,
    hash_list_id uuid NOT NULL
);

CREATE TABLE public.matching_sharing (
    hash_list_id uuid NOT NULL,
    name text NOT NULL,
    told_until timestamp with time zone
);

CREATE TABLE public.matching_sweep (
    id bigint NOT NULL,
    unit_id uuid,
    first_entry bigint NOT NULL,
    transaction bigint,
    asked_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    begun_at timestamp with time zone,
    part text DEFAULT 'files'::text NOT NULL,
    after uuid,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL
);

ALTER TABLE public.matching_sweep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.matching_sweep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.priority_assessment (
    referral_id uuid NOT NULL,
    completeness smallint NOT NULL,
    actionability smallint NOT NULL,
    urgency smallint NOT NULL,
    novelty smallint NOT NULL,
    floor smallint NOT NULL,
    score integer NOT NULL,
    reasons jsonb NOT NULL,
    signals jsonb NOT NULL,
    assessed_at timestamp with time zone NOT NULL,
    rules_id uuid NOT NULL,
    before jsonb,
    ranker_id uuid
);

CREATE TABLE public.priority_audit (
    referral_id uuid NOT NULL,
    share integer NOT NULL,
    ticket bigint NOT NULL,
    chance bigint NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    is_urgent boolean,
    signals jsonb,
    states jsonb NOT NULL,
    noted boolean DEFAULT false NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.priority_audit_share (
    unit_id uuid NOT NULL,
    share integer NOT NULL,
    out_of_turn integer NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT priority_audit_share_range CHECK (((share >= 0) AND (share <= 1000))),
    CONSTRAINT priority_out_of_turn_range CHECK (((out_of_turn >= 0) AND (out_of_turn <= 500)))
);

CREATE TABLE public.priority_line (
    id uuid NOT NULL,
    promise text NOT NULL,
    share integer NOT NULL,
    days integer NOT NULL,
    "position" integer NOT NULL,
    figures jsonb NOT NULL,
    states jsonb NOT NULL,
    scores jsonb NOT NULL,
    audited_until timestamp with time zone NOT NULL,
    reason text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    looks integer NOT NULL,
    alarms jsonb NOT NULL,
    retired_by text NOT NULL,
    retired_at timestamp with time zone,
    retire_reason text NOT NULL,
    rules_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    ranker_id uuid
);

CREATE TABLE public.priority_one_alone (
    unit_id uuid NOT NULL,
    reason text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL
);

CREATE TABLE public.priority_outcome (
    referral_id uuid NOT NULL,
    is_urgent boolean,
    signals jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.priority_ranker (
    id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    body jsonb NOT NULL,
    passport jsonb NOT NULL,
    digest text NOT NULL,
    trained_by text NOT NULL,
    trained_at timestamp with time zone NOT NULL,
    shadowed_at timestamp with time zone,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone,
    reason text NOT NULL,
    promoted_by text NOT NULL,
    promoted_at timestamp with time zone,
    retired_by text NOT NULL,
    retired_at timestamp with time zone,
    retire_reason text NOT NULL,
    before_id uuid,
    unit_id uuid NOT NULL,
    CONSTRAINT priority_ranker_two_persons CHECK (((NOT (state = 'promoted'::text)) OR ((NOT (promoted_by = ''::text)) AND (NOT (promoted_by = proposed_by)))))
);

CREATE TABLE public.priority_ruleset (
    id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    body jsonb NOT NULL,
    note text NOT NULL,
    edited_by text NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    published_at timestamp with time zone,
    unit_id uuid NOT NULL,
    alone_because text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.priority_shadow_score (
    id bigint NOT NULL,
    score integer NOT NULL,
    ranker_id uuid NOT NULL,
    referral_id uuid NOT NULL
);

ALTER TABLE public.priority_shadow_score ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.priority_shadow_score_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.referrals_attachment (
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    state text NOT NULL,
    name text,
    original_name text,
    sender_file_id text,
    md5 bytea,
    sha1 bytea,
    sha256 bytea,
    pdq bytea,
    viewed boolean,
    publicly_available boolean,
    classification text,
    relevance text,
    uploaded_at timestamp with time zone,
    tags jsonb NOT NULL,
    fields jsonb NOT NULL,
    path text NOT NULL,
    file_id uuid,
    referral_id uuid NOT NULL,
    version_id uuid NOT NULL
);

CREATE TABLE public.referrals_contradiction (
    id bigint NOT NULL,
    field text NOT NULL,
    of jsonb NOT NULL,
    older_says jsonb NOT NULL,
    newer_says jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    referral_id uuid NOT NULL,
    older_id uuid NOT NULL,
    newer_id uuid NOT NULL
);

ALTER TABLE public.referrals_contradiction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.referrals_contradiction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.referrals_identifier (
    id uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL
);

CREATE SEQUENCE public.referrals_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.referrals_occurrence (
    id bigint NOT NULL,
    beginning text NOT NULL,
    identifier_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

ALTER TABLE public.referrals_occurrence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.referrals_occurrence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.referrals_person (
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    role text NOT NULL,
    category text NOT NULL,
    basis text NOT NULL,
    fields jsonb NOT NULL,
    version_id uuid NOT NULL
);

CREATE TABLE public.referrals_referral (
    id uuid NOT NULL,
    number bigint NOT NULL,
    issuer text NOT NULL,
    external text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    versions integer NOT NULL,
    sender_id uuid NOT NULL,
    unit_id uuid NOT NULL
);

CREATE TABLE public.referrals_sighting (
    id bigint NOT NULL,
    as_written text NOT NULL,
    event text,
    at timestamp with time zone,
    at_written text,
    zone text NOT NULL,
    "precision" text NOT NULL,
    port integer,
    weak boolean NOT NULL,
    verified boolean,
    basis text NOT NULL,
    path text NOT NULL,
    attachment_id uuid,
    identifier_id uuid NOT NULL,
    person_id uuid,
    referral_id uuid NOT NULL,
    version_id uuid NOT NULL,
    in_text boolean DEFAULT false NOT NULL
);

ALTER TABLE public.referrals_sighting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.referrals_sighting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.referrals_version (
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    format text NOT NULL,
    known_at timestamp with time zone NOT NULL,
    said_at timestamp with time zone,
    incident_type text NOT NULL,
    incident_kind text NOT NULL,
    incident_at timestamp with time zone,
    incident_zone text NOT NULL,
    escalated text,
    canonical bytea NOT NULL,
    document_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    replaced_at timestamp with time zone,
    remarks jsonb
);

CREATE TABLE public.referrals_words (
    id bigint NOT NULL,
    part smallint NOT NULL,
    words tsvector NOT NULL,
    referral_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    version_id uuid NOT NULL
);

ALTER TABLE public.referrals_words ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.referrals_words_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.routing_correction (
    id uuid NOT NULL,
    act text NOT NULL,
    recipient text NOT NULL,
    criterion text NOT NULL,
    reason text NOT NULL,
    ordinal integer NOT NULL,
    proposed double precision,
    weights text NOT NULL,
    corrected_at timestamp with time zone NOT NULL,
    officer_id uuid NOT NULL,
    referral_id uuid NOT NULL
);

CREATE TABLE public.routing_proposal (
    id bigint NOT NULL,
    ordinal integer NOT NULL,
    state text NOT NULL,
    criterion text NOT NULL,
    confidence double precision NOT NULL,
    reasons jsonb NOT NULL,
    referral_id uuid NOT NULL
);

ALTER TABLE public.routing_proposal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.routing_proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.routing_route (
    referral_id uuid NOT NULL,
    ordinal integer NOT NULL,
    recipients jsonb NOT NULL,
    weights text NOT NULL,
    registers text NOT NULL,
    routed_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

ALTER TABLE ONLY public.accounts_api_token
    ADD CONSTRAINT accounts_api_token_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_api_token
    ADD CONSTRAINT accounts_api_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_officer
    ADD CONSTRAINT accounts_officer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_officer
    ADD CONSTRAINT accounts_officer_username_key UNIQUE (username);

ALTER TABLE ONLY public.accounts_recovery_code
    ADD CONSTRAINT accounts_recovery_code_once UNIQUE (officer_id, digest);

ALTER TABLE ONLY public.accounts_recovery_code
    ADD CONSTRAINT accounts_recovery_code_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_session
    ADD CONSTRAINT accounts_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.accounts_throttle
    ADD CONSTRAINT accounts_throttle_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.accounts_unit
    ADD CONSTRAINT accounts_unit_name_key UNIQUE (name);

ALTER TABLE ONLY public.accounts_unit
    ADD CONSTRAINT accounts_unit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_unit
    ADD CONSTRAINT accounts_unit_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.agencies_agency
    ADD CONSTRAINT agencies_agency_name_key UNIQUE (name);

ALTER TABLE ONLY public.agencies_agency
    ADD CONSTRAINT agencies_agency_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agencies_enrolment
    ADD CONSTRAINT agencies_enrolment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_clustered
    ADD CONSTRAINT analysis_clustered_once UNIQUE (unit_id, file_id);

ALTER TABLE ONLY public.analysis_clustered
    ADD CONSTRAINT analysis_clustered_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_descriptor
    ADD CONSTRAINT analysis_descriptor_once UNIQUE (run_id, algorithm);

ALTER TABLE ONLY public.analysis_descriptor
    ADD CONSTRAINT analysis_descriptor_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_inference
    ADD CONSTRAINT analysis_inference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_label
    ADD CONSTRAINT analysis_label_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_model
    ADD CONSTRAINT analysis_model_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.analysis_model
    ADD CONSTRAINT analysis_model_graph_id_key UNIQUE (graph_id);

ALTER TABLE ONLY public.analysis_model
    ADD CONSTRAINT analysis_model_once UNIQUE (name, version);

ALTER TABLE ONLY public.analysis_model
    ADD CONSTRAINT analysis_model_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_order
    ADD CONSTRAINT analysis_order_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_ordered
    ADD CONSTRAINT analysis_ordered_once UNIQUE (order_id, place);

ALTER TABLE ONLY public.analysis_ordered
    ADD CONSTRAINT analysis_ordered_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_run
    ADD CONSTRAINT analysis_run_once UNIQUE (file_id, analyser);

ALTER TABLE ONLY public.analysis_run
    ADD CONSTRAINT analysis_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_seen
    ADD CONSTRAINT analysis_seen_once UNIQUE (run_id, place);

ALTER TABLE ONLY public.analysis_seen
    ADD CONSTRAINT analysis_seen_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_text_run
    ADD CONSTRAINT analysis_text_run_once UNIQUE (referral_id, sha256, analyser);

ALTER TABLE ONLY public.analysis_text_run
    ADD CONSTRAINT analysis_text_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_texts_waiting
    ADD CONSTRAINT analysis_texts_waiting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.analysis_texts_waiting
    ADD CONSTRAINT analysis_texts_waiting_referral_id_key UNIQUE (referral_id);

ALTER TABLE ONLY public.api_answered
    ADD CONSTRAINT api_answered_pkey PRIMARY KEY (token_id, key);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_arrival_key UNIQUE (arrival);

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_line_key UNIQUE (line);

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_referral_id_key UNIQUE (referral_id);

ALTER TABLE ONLY public.casework_answer
    ADD CONSTRAINT casework_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_confirmed
    ADD CONSTRAINT casework_confirmed_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.casework_decision
    ADD CONSTRAINT casework_decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_decision
    ADD CONSTRAINT casework_decision_reverses_id_key UNIQUE (reverses_id);

ALTER TABLE ONLY public.casework_discipline
    ADD CONSTRAINT casework_discipline_pkey PRIMARY KEY (unit_id);

ALTER TABLE ONLY public.casework_group_decision
    ADD CONSTRAINT casework_group_decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_group_decision
    ADD CONSTRAINT casework_group_decision_reverses_id_key UNIQUE (reverses_id);

ALTER TABLE ONLY public.casework_kept_hit
    ADD CONSTRAINT casework_kept_hit_once UNIQUE (referral_id, search_id);

ALTER TABLE ONLY public.casework_kept_hit
    ADD CONSTRAINT casework_kept_hit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_kept_pending
    ADD CONSTRAINT casework_kept_pending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_kept_search
    ADD CONSTRAINT casework_kept_search_name UNIQUE (unit_id, owner, name);

ALTER TABLE ONLY public.casework_kept_search
    ADD CONSTRAINT casework_kept_search_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_kept_seen
    ADD CONSTRAINT casework_kept_seen_once UNIQUE (search_id, officer_id);

ALTER TABLE ONLY public.casework_kept_seen
    ADD CONSTRAINT casework_kept_seen_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_kept_term
    ADD CONSTRAINT casework_kept_term_once UNIQUE (search_id, way, value);

ALTER TABLE ONLY public.casework_kept_term
    ADD CONSTRAINT casework_kept_term_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_lane
    ADD CONSTRAINT casework_lane_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_note
    ADD CONSTRAINT casework_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.casework_second_look
    ADD CONSTRAINT casework_second_look_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_sender_day
    ADD CONSTRAINT casework_sender_day_once UNIQUE (unit_id, sender_id, day);

ALTER TABLE ONLY public.casework_sender_day
    ADD CONSTRAINT casework_sender_day_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_sender_touched
    ADD CONSTRAINT casework_sender_touched_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_skill
    ADD CONSTRAINT casework_skill_once UNIQUE (unit_id, name);

ALTER TABLE ONLY public.casework_skill
    ADD CONSTRAINT casework_skill_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_trial
    ADD CONSTRAINT casework_trial_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.casework_unit_figures
    ADD CONSTRAINT casework_unit_figures_pkey PRIMARY KEY (unit_id);

ALTER TABLE ONLY public.casework_visit
    ADD CONSTRAINT casework_visit_pkey PRIMARY KEY (officer_id);

ALTER TABLE ONLY public.custody_checkpoint
    ADD CONSTRAINT custody_checkpoint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.custody_entry
    ADD CONSTRAINT custody_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.custody_leaf
    ADD CONSTRAINT custody_leaf_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.custody_leaf
    ADD CONSTRAINT custody_leaf_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.custody_node
    ADD CONSTRAINT custody_node_pkey PRIMARY KEY (level, index);

ALTER TABLE ONLY public.custody_pending
    ADD CONSTRAINT custody_pending_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.custody_subject
    ADD CONSTRAINT custody_subject_pkey PRIMARY KEY (subject, entry_id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_archive
    ADD CONSTRAINT evidence_archive_pkey PRIMARY KEY (archive_id);

ALTER TABLE ONLY public.evidence_examination
    ADD CONSTRAINT evidence_examination_file_id_key UNIQUE (file_id);

ALTER TABLE ONLY public.evidence_examination
    ADD CONSTRAINT evidence_examination_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_file
    ADD CONSTRAINT evidence_file_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.evidence_file
    ADD CONSTRAINT evidence_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_file
    ADD CONSTRAINT evidence_file_sha256_key UNIQUE (sha256);

ALTER TABLE ONLY public.evidence_fingerprint
    ADD CONSTRAINT evidence_fingerprint_once UNIQUE (file_id, algorithm);

ALTER TABLE ONLY public.evidence_fingerprint
    ADD CONSTRAINT evidence_fingerprint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_holding
    ADD CONSTRAINT evidence_holding_once UNIQUE (file_id, unit_id);

ALTER TABLE ONLY public.evidence_holding
    ADD CONSTRAINT evidence_holding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_kept_report
    ADD CONSTRAINT evidence_kept_report_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.evidence_kept_report
    ADD CONSTRAINT evidence_kept_report_once UNIQUE (unit_id, sha256);

ALTER TABLE ONLY public.evidence_kept_report
    ADD CONSTRAINT evidence_kept_report_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_member
    ADD CONSTRAINT evidence_member_once UNIQUE (archive_id, place);

ALTER TABLE ONLY public.evidence_member
    ADD CONSTRAINT evidence_member_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.evidence_object
    ADD CONSTRAINT evidence_object_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_once UNIQUE (agency_id, package);

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exchange_evaluated
    ADD CONSTRAINT exchange_evaluated_once UNIQUE (agency_id, day);

ALTER TABLE ONLY public.exchange_evaluated
    ADD CONSTRAINT exchange_evaluated_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exchange_question
    ADD CONSTRAINT exchange_question_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exchange_reply
    ADD CONSTRAINT exchange_reply_once UNIQUE NULLS NOT DISTINCT (question_id, unit_id, agency_id, value);

ALTER TABLE ONLY public.exchange_reply
    ADD CONSTRAINT exchange_reply_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.exchange_tag_set
    ADD CONSTRAINT exchange_tag_set_pkey PRIMARY KEY (agency_id);

ALTER TABLE ONLY public.intake_document
    ADD CONSTRAINT intake_document_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.intake_document
    ADD CONSTRAINT intake_document_once UNIQUE (unit_id, sha256);

ALTER TABLE ONLY public.intake_document
    ADD CONSTRAINT intake_document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_details_id_key UNIQUE (details_id);

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_key_key UNIQUE (key);

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intake_incoming_report
    ADD CONSTRAINT intake_incoming_report_document_id_key UNIQUE (document_id);

ALTER TABLE ONLY public.intake_incoming_report
    ADD CONSTRAINT intake_incoming_report_object_id_key UNIQUE (object_id);

ALTER TABLE ONLY public.intake_incoming_report
    ADD CONSTRAINT intake_incoming_report_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.intake_notice_link
    ADD CONSTRAINT intake_notice_link_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.intake_notice_link
    ADD CONSTRAINT intake_notice_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intake_sender_day
    ADD CONSTRAINT intake_sender_day_once UNIQUE (sender_id, unit_id, day);

ALTER TABLE ONLY public.intake_sender_day
    ADD CONSTRAINT intake_sender_day_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intake_sender_login
    ADD CONSTRAINT intake_sender_login_name_key UNIQUE (name);

ALTER TABLE ONLY public.intake_sender_login
    ADD CONSTRAINT intake_sender_login_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intake_sender
    ADD CONSTRAINT intake_sender_name_key UNIQUE (name);

ALTER TABLE ONLY public.intake_sender
    ADD CONSTRAINT intake_sender_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.intake_sender_secret
    ADD CONSTRAINT intake_sender_secret_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.intake_sender_secret
    ADD CONSTRAINT intake_sender_secret_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_again
    ADD CONSTRAINT links_again_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.links_bearing
    ADD CONSTRAINT links_bearing_once UNIQUE (unit_id, value, referral_id);

ALTER TABLE ONLY public.links_bearing
    ADD CONSTRAINT links_bearing_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_circle
    ADD CONSTRAINT links_circle_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_circled
    ADD CONSTRAINT links_circled_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.links_definition
    ADD CONSTRAINT links_definition_once UNIQUE (unit_id, number);

ALTER TABLE ONLY public.links_definition
    ADD CONSTRAINT links_definition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_earlier
    ADD CONSTRAINT links_earlier_once UNIQUE (unit_id, issuer, external, referral_id);

ALTER TABLE ONLY public.links_earlier
    ADD CONSTRAINT links_earlier_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_group
    ADD CONSTRAINT links_group_once UNIQUE (unit_id, kind, key);

ALTER TABLE ONLY public.links_group
    ADD CONSTRAINT links_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_group_sender
    ADD CONSTRAINT links_group_sender_once UNIQUE (group_id, sender_id);

ALTER TABLE ONLY public.links_group_sender
    ADD CONSTRAINT links_group_sender_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_member
    ADD CONSTRAINT links_member_once UNIQUE (group_id, referral_id);

ALTER TABLE ONLY public.links_member
    ADD CONSTRAINT links_member_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_occurrence
    ADD CONSTRAINT links_occurrence_once UNIQUE (unit_id, digest, at, referral_id);

ALTER TABLE ONLY public.links_occurrence
    ADD CONSTRAINT links_occurrence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_pending
    ADD CONSTRAINT links_pending_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.links_print
    ADD CONSTRAINT links_print_once UNIQUE (unit_id, print, at, referral_id);

ALTER TABLE ONLY public.links_print
    ADD CONSTRAINT links_print_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links_shared_lines
    ADD CONSTRAINT links_shared_lines_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.links_verdict
    ADD CONSTRAINT links_verdict_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_change
    ADD CONSTRAINT matching_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_coverage
    ADD CONSTRAINT matching_coverage_once UNIQUE (hash_list_id, algorithm);

ALTER TABLE ONLY public.matching_coverage
    ADD CONSTRAINT matching_coverage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_due
    ADD CONSTRAINT matching_due_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_entry
    ADD CONSTRAINT matching_entry_once UNIQUE (hash_list_id, algorithm, value);

ALTER TABLE ONLY public.matching_entry
    ADD CONSTRAINT matching_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_feed
    ADD CONSTRAINT matching_feed_pkey PRIMARY KEY (hash_list_id);

ALTER TABLE ONLY public.matching_hashlist
    ADD CONSTRAINT matching_hashlist_name_key UNIQUE (name);

ALTER TABLE ONLY public.matching_hashlist
    ADD CONSTRAINT matching_hashlist_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_held_change
    ADD CONSTRAINT matching_held_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_held
    ADD CONSTRAINT matching_held_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_hit
    ADD CONSTRAINT matching_hit_once UNIQUE (entry_id, referral_id);

ALTER TABLE ONLY public.matching_hit
    ADD CONSTRAINT matching_hit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_indexed
    ADD CONSTRAINT matching_indexed_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.matching_listed_video
    ADD CONSTRAINT matching_listed_video_once UNIQUE (hash_list_id, item);

ALTER TABLE ONLY public.matching_listed_video
    ADD CONSTRAINT matching_listed_video_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_match
    ADD CONSTRAINT matching_match_once UNIQUE (value, algorithm, entry_id);

ALTER TABLE ONLY public.matching_match
    ADD CONSTRAINT matching_match_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_naming
    ADD CONSTRAINT matching_naming_once UNIQUE (entry_id, item);

ALTER TABLE ONLY public.matching_naming
    ADD CONSTRAINT matching_naming_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_opinion
    ADD CONSTRAINT matching_opinion_once UNIQUE (entry_id, actor);

ALTER TABLE ONLY public.matching_opinion
    ADD CONSTRAINT matching_opinion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_proposal
    ADD CONSTRAINT matching_proposal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_reader
    ADD CONSTRAINT matching_reader_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_removed
    ADD CONSTRAINT matching_removed_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.matching_removed
    ADD CONSTRAINT matching_removed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_served
    ADD CONSTRAINT matching_served_once UNIQUE (hash_list_id, item);

ALTER TABLE ONLY public.matching_served
    ADD CONSTRAINT matching_served_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.matching_setaside
    ADD CONSTRAINT matching_setaside_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.matching_sharing
    ADD CONSTRAINT matching_sharing_name_key UNIQUE (name);

ALTER TABLE ONLY public.matching_sharing
    ADD CONSTRAINT matching_sharing_pkey PRIMARY KEY (hash_list_id);

ALTER TABLE ONLY public.matching_sweep
    ADD CONSTRAINT matching_sweep_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.priority_assessment
    ADD CONSTRAINT priority_assessment_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.priority_audit
    ADD CONSTRAINT priority_audit_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.priority_audit_share
    ADD CONSTRAINT priority_audit_share_pkey PRIMARY KEY (unit_id);

ALTER TABLE ONLY public.priority_line
    ADD CONSTRAINT priority_line_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.priority_one_alone
    ADD CONSTRAINT priority_one_alone_pkey PRIMARY KEY (unit_id);

ALTER TABLE ONLY public.priority_outcome
    ADD CONSTRAINT priority_outcome_pkey PRIMARY KEY (referral_id);

ALTER TABLE ONLY public.priority_ranker
    ADD CONSTRAINT priority_ranker_once UNIQUE (unit_id, number);

ALTER TABLE ONLY public.priority_ranker
    ADD CONSTRAINT priority_ranker_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.priority_ruleset
    ADD CONSTRAINT priority_ruleset_once UNIQUE (unit_id, number);

ALTER TABLE ONLY public.priority_ruleset
    ADD CONSTRAINT priority_ruleset_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.priority_shadow_score
    ADD CONSTRAINT priority_shadow_once UNIQUE (referral_id, ranker_id);

ALTER TABLE ONLY public.priority_shadow_score
    ADD CONSTRAINT priority_shadow_score_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_attachment
    ADD CONSTRAINT referrals_attachment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_contradiction
    ADD CONSTRAINT referrals_contradiction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_identifier
    ADD CONSTRAINT referrals_identifier_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_occurrence
    ADD CONSTRAINT referrals_occurrence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_person
    ADD CONSTRAINT referrals_person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_number_key UNIQUE (number);

ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_once UNIQUE (unit_id, issuer, external);

ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_sighting
    ADD CONSTRAINT referrals_sighting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_version
    ADD CONSTRAINT referrals_version_once UNIQUE (referral_id, ordinal);

ALTER TABLE ONLY public.referrals_version
    ADD CONSTRAINT referrals_version_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referrals_words
    ADD CONSTRAINT referrals_words_once UNIQUE (referral_id, version_id, part);

ALTER TABLE ONLY public.referrals_words
    ADD CONSTRAINT referrals_words_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.routing_correction
    ADD CONSTRAINT routing_correction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.routing_proposal
    ADD CONSTRAINT routing_proposal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_pkey PRIMARY KEY (referral_id);

CREATE INDEX accounts_api_token_unit_id_bf328d15 ON public.accounts_api_token USING btree (unit_id);

CREATE INDEX accounts_invitation_officer_id_43e52893 ON public.accounts_invitation USING btree (officer_id);

CREATE INDEX accounts_officer_unit_id_0409bace ON public.accounts_officer USING btree (unit_id);

CREATE INDEX accounts_officer_username_fa0e3ac4_like ON public.accounts_officer USING btree (username text_pattern_ops);

CREATE INDEX accounts_recovery_code_officer_id_16d35410 ON public.accounts_recovery_code USING btree (officer_id);

CREATE INDEX accounts_session_expire_date_5bbfba7c ON public.accounts_session USING btree (expire_date);

CREATE INDEX accounts_session_officer_id_a736faf5 ON public.accounts_session USING btree (officer_id);

CREATE INDEX accounts_session_session_key_b186966f_like ON public.accounts_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX accounts_throttle_key_abf416de_like ON public.accounts_throttle USING btree (key text_pattern_ops);

CREATE INDEX accounts_unit_name_10563372_like ON public.accounts_unit USING btree (name text_pattern_ops);

CREATE INDEX accounts_unit_slug_b5c40523_like ON public.accounts_unit USING btree (slug varchar_pattern_ops);

CREATE INDEX agencies_agency_name_f4494e49_like ON public.agencies_agency USING btree (name text_pattern_ops);

CREATE INDEX agencies_enrolment_agency_id_e11c965b ON public.agencies_enrolment USING btree (agency_id);

CREATE UNIQUE INDEX agencies_enrolment_one_in_force ON public.agencies_enrolment USING btree (agency_id) WHERE ((confirmed_at IS NOT NULL) AND (ended_at IS NULL));

CREATE UNIQUE INDEX agencies_enrolment_one_proposed ON public.agencies_enrolment USING btree (agency_id) WHERE ((confirmed_at IS NULL) AND (ended_at IS NULL));

CREATE UNIQUE INDEX agencies_one_contact_point_a_state ON public.agencies_agency USING btree (state) WHERE is_contact_point;

CREATE INDEX analysis_clustered_file_id_93f2aee5 ON public.analysis_clustered USING btree (file_id);

CREATE INDEX analysis_clustered_together ON public.analysis_clustered USING btree (unit_id, centre);

CREATE INDEX analysis_inference_file_id_ecad80a8 ON public.analysis_inference USING btree (file_id);

CREATE INDEX analysis_inference_newest ON public.analysis_inference USING btree (model_id, at DESC, id DESC);

CREATE INDEX analysis_inference_referral_id_68094494 ON public.analysis_inference USING btree (referral_id);

CREATE UNIQUE INDEX analysis_label_of_text_once ON public.analysis_label USING btree (referral_id, sha256, unit_id, analyser, kind, md5(value));

CREATE UNIQUE INDEX analysis_label_once ON public.analysis_label USING btree (file_id, unit_id, analyser, kind, md5(value));

CREATE INDEX analysis_model_digest_3ebd0004_like ON public.analysis_model USING btree (digest text_pattern_ops);

CREATE UNIQUE INDEX analysis_model_one_promoted ON public.analysis_model USING btree (name) WHERE (state = 'promoted'::text);

CREATE INDEX analysis_order_newest ON public.analysis_order USING btree (unit_id, made_at DESC, id DESC);

CREATE INDEX analysis_ordered_file_id_99f3b2db ON public.analysis_ordered USING btree (file_id);

CREATE INDEX analysis_ordered_referral_id_ed42b942 ON public.analysis_ordered USING btree (referral_id);

CREATE INDEX analysis_run_by ON public.analysis_run USING btree (analyser, version, model_digest);

CREATE INDEX analysis_texts_waiting_unit ON public.analysis_texts_waiting USING btree (unit_id, id);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX casework_alert_kept ON public.casework_alert USING btree (kept_id) WHERE (kept_id IS NOT NULL);

CREATE INDEX casework_alert_unit ON public.casework_alert USING btree (unit_id, raised_at DESC);

CREATE INDEX casework_alert_unsent ON public.casework_alert USING btree (raised_at) WHERE (sent_at IS NULL);

CREATE INDEX casework_answer_month ON public.casework_answer USING btree (unit_id, month);

CREATE INDEX casework_confirmed_unit_id_a3cb3c46 ON public.casework_confirmed USING btree (unit_id);

CREATE INDEX casework_decision_officer_id_d41ba747 ON public.casework_decision USING btree (officer_id);

CREATE INDEX casework_decision_part ON public.casework_decision USING btree (part_of_id) WHERE (part_of_id IS NOT NULL);

CREATE INDEX casework_decision_referral ON public.casework_decision USING btree (referral_id, decided_at DESC);

CREATE INDEX casework_decision_when ON public.casework_decision USING btree (decided_at);

CREATE INDEX casework_group_decision_group ON public.casework_group_decision USING btree (group_id, decided_at DESC);

CREATE INDEX casework_kept_hit_newest ON public.casework_kept_hit USING btree (search_id, id DESC);

CREATE INDEX casework_kept_pending_ref ON public.casework_kept_pending USING btree (referral_id);

CREATE INDEX casework_kept_pending_unit ON public.casework_kept_pending USING btree (unit_id, id);

CREATE UNIQUE INDEX casework_lane_one_open ON public.casework_lane USING btree (unit_id, sender_id) WHERE (closed_at IS NULL);

CREATE INDEX casework_note_officer_id_12cc4358 ON public.casework_note USING btree (officer_id);

CREATE INDEX casework_note_referral ON public.casework_note USING btree (referral_id, written_at DESC);

CREATE INDEX casework_second_look_officer ON public.casework_second_look USING btree (officer_id, given_at) WHERE (officer_id IS NOT NULL);

CREATE UNIQUE INDEX casework_second_look_open_once ON public.casework_second_look USING btree (referral_id) WHERE (ended_on IS NULL);

CREATE INDEX casework_second_look_referral_id_59e25e23 ON public.casework_second_look USING btree (referral_id);

CREATE INDEX casework_second_look_waits ON public.casework_second_look USING btree (unit_id, drawn_at) WHERE ((ended_on IS NULL) AND (officer_id IS NULL));

CREATE INDEX casework_sender_sums ON public.casework_sender_day USING btree (unit_id, day) INCLUDE (sender_id, referrals, actionable, with_files);

CREATE INDEX casework_sender_touched_day ON public.casework_sender_touched USING btree (unit_id, sender_id, day);

CREATE INDEX casework_sender_waits ON public.casework_sender_day USING btree (unit_id, sender_id, day) INCLUDE (waiting) WHERE (waiting > 0);

CREATE INDEX casework_trial_unit ON public.casework_trial USING btree (unit_id, id DESC);

CREATE INDEX custody_checkpoint_size ON public.custody_checkpoint USING btree (size, id);

CREATE INDEX custody_entry_actor ON public.custody_entry USING btree (actor, id);

CREATE INDEX custody_entry_kind ON public.custody_entry USING btree (kind, id);

CREATE INDEX evidence_archive_root_id_ec41ac14 ON public.evidence_archive USING btree (root_id);

CREATE INDEX evidence_file_md5 ON public.evidence_file USING btree (md5);

CREATE INDEX evidence_file_sha1 ON public.evidence_file USING btree (sha1);

CREATE INDEX evidence_fingerprint_file_id_97db6ac8 ON public.evidence_fingerprint USING btree (file_id);

CREATE INDEX evidence_holding_file_id_2a04c21d ON public.evidence_holding USING btree (file_id);

CREATE INDEX evidence_holding_unit_id_041b6dec ON public.evidence_holding USING btree (unit_id);

CREATE INDEX evidence_kept_report_newest ON public.evidence_kept_report USING btree (unit_id, kept_at DESC);

CREATE INDEX evidence_member_file ON public.evidence_member USING btree (file_id) WHERE (file_id IS NOT NULL);

CREATE UNIQUE INDEX exchange_answer_once ON public.exchange_dispatch USING btree (agency_id, answers, answer) WHERE (kind = 'answer'::text);

CREATE INDEX exchange_arrival_referral ON public.exchange_arrival USING btree (referral_id) WHERE (referral_id IS NOT NULL);

CREATE INDEX exchange_arrival_unit ON public.exchange_arrival USING btree (unit_id, state, received_at DESC);

CREATE INDEX exchange_dispatch_due ON public.exchange_dispatch USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX exchange_dispatch_referral ON public.exchange_dispatch USING btree (referral_id) WHERE (referral_id IS NOT NULL);

CREATE INDEX exchange_dispatch_unit ON public.exchange_dispatch USING btree (unit_id, made_at DESC);

CREATE INDEX exchange_question_officer ON public.exchange_question USING btree (officer_id, asked_at);

CREATE INDEX exchange_question_referral ON public.exchange_question USING btree (referral_id, asked_at DESC);

CREATE INDEX exchange_question_unit ON public.exchange_question USING btree (unit_id, asked_at DESC);

CREATE INDEX exchange_reply_unit ON public.exchange_reply USING btree (unit_id, at DESC) WHERE ((says = 'yes'::text) AND (unit_id IS NOT NULL));

CREATE UNIQUE INDEX exchange_update_once ON public.exchange_dispatch USING btree (replaces_id, ordinal) WHERE (kind = 'update'::text);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX intake_incoming_file_key_00306e73_like ON public.intake_incoming_file USING btree (key text_pattern_ops);

CREATE INDEX intake_incoming_file_report_id_b9503a21 ON public.intake_incoming_file USING btree (report_id);

CREATE INDEX intake_notice_link_sender_id_3cc42828 ON public.intake_notice_link USING btree (sender_id);

CREATE INDEX intake_notice_link_unit_id_54845b37 ON public.intake_notice_link USING btree (unit_id);

CREATE INDEX intake_open_reports ON public.intake_incoming_report USING btree (login_id, changed_at) WHERE (state = 'open'::text);

CREATE INDEX intake_over_share ON public.intake_sender_day USING btree (unit_id, day) WHERE (over_share > 0);

CREATE INDEX intake_quarantine ON public.intake_document USING btree (unit_id, state, received_at DESC, id DESC) WHERE (state = ANY (ARRAY['quarantined'::text, 'dismissed'::text]));

CREATE INDEX intake_sender_login_name_15552b20_like ON public.intake_sender_login USING btree (name text_pattern_ops);

CREATE INDEX intake_sender_login_sender_id_3917bc7c ON public.intake_sender_login USING btree (sender_id);

CREATE INDEX intake_sender_login_unit_id_782133f5 ON public.intake_sender_login USING btree (unit_id);

CREATE INDEX intake_sender_name_45149301_like ON public.intake_sender USING btree (name text_pattern_ops);

CREATE INDEX intake_sender_secret_login_id_c5e14e27 ON public.intake_sender_secret USING btree (login_id);

CREATE INDEX links_again_unit ON public.links_again USING btree (unit_id, referral_id);

CREATE INDEX links_bearing_referral ON public.links_bearing USING btree (referral_id);

CREATE INDEX links_bundled ON public.links_occurrence USING btree (unit_id, digest, bundled_by_id, at, referral_id) WHERE (bundled_by_id IS NOT NULL);

CREATE INDEX links_circle_largest ON public.links_circle USING btree (unit_id, members DESC, id DESC) WHERE (members > 1);

CREATE INDEX links_circled_circle ON public.links_circled USING btree (circle_id, referral_id);

CREATE INDEX links_earlier_referral ON public.links_earlier USING btree (referral_id);

CREATE INDEX links_group_largest ON public.links_group USING btree (unit_id, members DESC, id DESC) WHERE (members > 1);

CREATE INDEX links_member_referral ON public.links_member USING btree (referral_id, kind);

CREATE INDEX links_occurrence_referral ON public.links_occurrence USING btree (referral_id);

CREATE INDEX links_pending_unit ON public.links_pending USING btree (unit_id, referral_id);

CREATE INDEX links_print_referral ON public.links_print USING btree (referral_id);

CREATE INDEX links_verdict_other ON public.links_verdict USING btree (other_id);

CREATE INDEX links_verdict_pair ON public.links_verdict USING btree (one_id, other_id, id);

CREATE INDEX matching_coverage_hash_list_id_094041da ON public.matching_coverage USING btree (hash_list_id);

CREATE INDEX matching_entry_item ON public.matching_entry USING btree (hash_list_id, item, id) WHERE (NOT (item = ''::text));

CREATE INDEX matching_entry_newest ON public.matching_entry USING btree (hash_list_id, algorithm, id);

CREATE INDEX matching_entry_value ON public.matching_entry USING btree (value, algorithm);

CREATE INDEX matching_hashlist_name_134ac850_like ON public.matching_hashlist USING btree (name text_pattern_ops);

CREATE INDEX matching_hashlist_unit_id_1368f77e ON public.matching_hashlist USING btree (unit_id);

CREATE INDEX matching_held_fingerprint_id_0a489301 ON public.matching_held USING btree (fingerprint_id);

CREATE INDEX matching_held_value ON public.matching_held USING btree (value);

CREATE INDEX matching_hit_at ON public.matching_hit USING btree (at);

CREATE INDEX matching_hit_entry_id_10b78d2c ON public.matching_hit USING btree (entry_id);

CREATE INDEX matching_listed_video_aside ON public.matching_listed_video USING btree (hash_list_id, id) WHERE ((NOT (set_at IS NULL)) AND (restored_at IS NULL));

CREATE INDEX matching_listed_video_newest ON public.matching_listed_video USING btree (hash_list_id, id);

CREATE INDEX matching_match_newest ON public.matching_match USING btree (entry_id, id);

CREATE INDEX matching_naming_entry_id_23a3cf0f ON public.matching_naming USING btree (entry_id);

CREATE INDEX matching_naming_item ON public.matching_naming USING btree (item);

CREATE INDEX matching_opinion_entry_id_c4b55e51 ON public.matching_opinion USING btree (entry_id);

CREATE INDEX matching_opinion_newest ON public.matching_opinion USING btree (hash_list_id, stance, entry_id);

CREATE INDEX matching_proposal_hash_list_id_612b7d94 ON public.matching_proposal USING btree (hash_list_id);

CREATE INDEX matching_proposal_waiting ON public.matching_proposal USING btree (hash_list_id, id) WHERE (state = 'waiting'::text);

CREATE INDEX matching_reader_hash_list_id_648fdc61 ON public.matching_reader USING btree (hash_list_id);

CREATE INDEX matching_reader_login_id_cf4aef2f ON public.matching_reader USING btree (login_id);

CREATE UNIQUE INDEX matching_reader_once ON public.matching_reader USING btree (hash_list_id, login_id) WHERE (ended_at IS NULL);

CREATE INDEX matching_removed_hash_list_id_67a5ffe1 ON public.matching_removed USING btree (hash_list_id);

CREATE INDEX matching_removed_newest ON public.matching_removed USING btree (hash_list_id, id);

CREATE INDEX matching_removed_value ON public.matching_removed USING btree (value, algorithm);

CREATE INDEX matching_served_at ON public.matching_served USING btree (hash_list_id, at);

CREATE INDEX matching_served_hash_list_id_06d5fd83 ON public.matching_served USING btree (hash_list_id);

CREATE INDEX matching_served_new ON public.matching_served USING btree (hash_list_id) WHERE (at IS NULL);

CREATE INDEX matching_setaside_latest ON public.matching_setaside USING btree (set_at DESC) WHERE (restored_at IS NULL);

CREATE INDEX matching_setaside_newest ON public.matching_setaside USING btree (hash_list_id, why, entry_id) WHERE (restored_at IS NULL);

CREATE INDEX matching_sharing_name_fd1e0942_like ON public.matching_sharing USING btree (name text_pattern_ops);

CREATE INDEX matching_sweep_unit_id_cddc77ee ON public.matching_sweep USING btree (unit_id);

CREATE UNIQUE INDEX matching_sweep_waits_once ON public.matching_sweep USING btree (unit_id, part) NULLS NOT DISTINCT WHERE (begun_at IS NULL);

CREATE INDEX priority_audit_drawn ON public.priority_audit USING btree (unit_id, drawn_at, referral_id);

CREATE UNIQUE INDEX priority_one_draft ON public.priority_ruleset USING btree (unit_id) WHERE (state = 'draft'::text);

CREATE UNIQUE INDEX priority_one_line ON public.priority_line USING btree (unit_id) WHERE (retired_at IS NULL);

CREATE UNIQUE INDEX priority_one_published ON public.priority_ruleset USING btree (unit_id) WHERE (state = 'published'::text);

CREATE UNIQUE INDEX priority_one_ranker ON public.priority_ranker USING btree (unit_id) WHERE (state = 'promoted'::text);

CREATE UNIQUE INDEX priority_one_shadow ON public.priority_ranker USING btree (unit_id) WHERE (state = 'shadow'::text);

CREATE INDEX priority_outcome_decided ON public.priority_outcome USING btree (unit_id, decided_at);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX queue_europol ON public.casework_queue USING btree (unit_id, status, turn DESC, floor DESC, score DESC, referral_id DESC) WHERE (recipients @> '["europol"]'::jsonb);

CREATE INDEX queue_group ON public.casework_queue USING btree (group_id, status, turn DESC, floor DESC, score DESC, referral_id DESC) WHERE (group_id IS NOT NULL);

CREATE INDEX queue_group_lines ON public.casework_queue USING btree (group_id) WHERE ((group_id IS NOT NULL) AND is_line);

CREATE INDEX queue_lane ON public.casework_queue USING btree (lane_id, status, turn DESC, floor DESC, score DESC, referral_id DESC) WHERE (lane_id IS NOT NULL);

CREATE INDEX queue_language ON public.casework_queue USING btree (unit_id, language, turn DESC, floor DESC, score DESC, referral_id DESC) WHERE ((status = 'open'::text) AND (NOT (language = ''::text)));

CREATE INDEX queue_line ON public.casework_queue USING btree (unit_id, status, is_line, turn DESC, floor DESC, score DESC, referral_id DESC);

CREATE INDEX queue_line_kind ON public.casework_queue USING btree (unit_id, status, incident_kind, is_line, turn DESC, floor DESC, score DESC, referral_id DESC);

CREATE INDEX queue_line_officer ON public.casework_queue USING btree (unit_id, officer_id, status, is_line, turn DESC, floor DESC, score DESC, referral_id DESC) WHERE (officer_id IS NOT NULL);

CREATE INDEX queue_line_received ON public.casework_queue USING btree (unit_id, status, is_line, received_at DESC);

CREATE INDEX queue_line_sender ON public.casework_queue USING btree (unit_id, status, sender_id, is_line, turn DESC, floor DESC, score DESC, referral_id DESC);

CREATE INDEX queue_number ON public.casework_queue USING btree (number);

CREATE INDEX queue_over_share ON public.casework_queue USING btree (unit_id, over_share_on, sender_id, turn DESC, floor DESC, score DESC, referral_id DESC) WHERE (over_share_on IS NOT NULL);

CREATE INDEX queue_queues ON public.casework_queue USING gin (queues jsonb_path_ops) WHERE (NOT (queues = '[]'::jsonb));

CREATE INDEX queue_recipients ON public.casework_queue USING gin (recipients jsonb_path_ops);

CREATE INDEX queue_sender_received ON public.casework_queue USING btree (unit_id, sender_id, received_at DESC, referral_id DESC);

CREATE INDEX referrals_attachment_file ON public.referrals_attachment USING btree (file_id);

CREATE INDEX referrals_attachment_md5 ON public.referrals_attachment USING btree (md5);

CREATE INDEX referrals_attachment_pdq ON public.referrals_attachment USING btree (pdq) WHERE (pdq IS NOT NULL);

CREATE INDEX referrals_attachment_referral ON public.referrals_attachment USING btree (referral_id);

CREATE INDEX referrals_attachment_sha1 ON public.referrals_attachment USING btree (sha1) WHERE (sha1 IS NOT NULL);

CREATE INDEX referrals_attachment_sha256 ON public.referrals_attachment USING btree (sha256) WHERE (sha256 IS NOT NULL);

CREATE INDEX referrals_attachment_version ON public.referrals_attachment USING btree (version_id, ordinal);

CREATE INDEX referrals_contradiction_of ON public.referrals_contradiction USING btree (referral_id, since);

CREATE INDEX referrals_external_prefix ON public.referrals_referral USING btree (lower(external) text_pattern_ops);

CREATE UNIQUE INDEX referrals_occurrence_once ON public.referrals_occurrence USING btree (unit_id, beginning text_pattern_ops, identifier_id);

CREATE INDEX referrals_person_version ON public.referrals_person USING btree (version_id, ordinal);

CREATE INDEX referrals_sighting_identifier ON public.referrals_sighting USING btree (identifier_id, referral_id);

CREATE INDEX referrals_sighting_version ON public.referrals_sighting USING btree (version_id);

CREATE INDEX referrals_version_document ON public.referrals_version USING btree (document_id);

CREATE INDEX referrals_words_in ON public.referrals_words USING gin (words) WITH (gin_pending_list_limit='1024');

CREATE INDEX routing_correction_officer_id_b7ad6519 ON public.routing_correction USING btree (officer_id);

CREATE INDEX routing_correction_referral ON public.routing_correction USING btree (referral_id, corrected_at);

CREATE INDEX routing_proposal_referral ON public.routing_proposal USING btree (referral_id, ordinal);

CREATE TRIGGER matching_coverage_changed AFTER INSERT OR DELETE OR UPDATE ON public.matching_coverage FOR EACH ROW EXECUTE FUNCTION public.matching_coverage_changed();

CREATE TRIGGER matching_entries_came AFTER INSERT ON public.matching_entry REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_entries_came();

CREATE TRIGGER matching_entries_went AFTER DELETE ON public.matching_entry REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_entries_went();

CREATE TRIGGER matching_entry_restored AFTER UPDATE ON public.matching_setaside REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_worth_changed();

CREATE TRIGGER matching_entry_set_aside AFTER INSERT ON public.matching_setaside REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_worth_changed();

CREATE TRIGGER matching_list_changed BEFORE UPDATE ON public.matching_hashlist FOR EACH ROW WHEN ((old.changed_at IS DISTINCT FROM new.changed_at)) EXECUTE FUNCTION public.matching_list_changed();

CREATE TRIGGER matching_matches_went AFTER DELETE ON public.matching_match REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_matches_went();

CREATE TRIGGER matching_prints_came AFTER INSERT ON public.evidence_fingerprint REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_prints_came();

CREATE TRIGGER matching_prints_changed AFTER UPDATE ON public.evidence_fingerprint REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_prints_changed();

CREATE TRIGGER matching_prints_went AFTER DELETE ON public.evidence_fingerprint REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.matching_prints_went();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

ALTER TABLE ONLY public.accounts_api_token
    ADD CONSTRAINT accounts_api_token_unit_id_bf328d15_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_officer_id_43e52893_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_officer
    ADD CONSTRAINT accounts_officer_unit_id_0409bace_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_recovery_code
    ADD CONSTRAINT accounts_recovery_co_officer_id_16d35410_fk_accounts_ FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_session
    ADD CONSTRAINT accounts_session_officer_id_a736faf5_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.agencies_enrolment
    ADD CONSTRAINT agencies_enrolment_agency_id_e11c965b_fk_agencies_agency_id FOREIGN KEY (agency_id) REFERENCES public.agencies_agency(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_clustered
    ADD CONSTRAINT analysis_clustered_file_id_93f2aee5_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_clustered
    ADD CONSTRAINT analysis_clustered_unit_id_33e6bd50_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_descriptor
    ADD CONSTRAINT analysis_descriptor_run_id_d9aee9ff_fk_analysis_run_id FOREIGN KEY (run_id) REFERENCES public.analysis_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_inference
    ADD CONSTRAINT analysis_inference_file_id_ecad80a8_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_inference
    ADD CONSTRAINT analysis_inference_model_id_b3825b4d_fk_analysis_model_id FOREIGN KEY (model_id) REFERENCES public.analysis_model(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_inference
    ADD CONSTRAINT analysis_inference_referral_id_68094494_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_label
    ADD CONSTRAINT analysis_label_file_id_5ea95fe1_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_label
    ADD CONSTRAINT analysis_label_referral_id_ba584ca7_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_label
    ADD CONSTRAINT analysis_label_unit_id_6eb42dba_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_model
    ADD CONSTRAINT analysis_model_before_id_e1dd1c7d_fk_analysis_model_id FOREIGN KEY (before_id) REFERENCES public.analysis_model(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_model
    ADD CONSTRAINT analysis_model_graph_id_2fec1bd2_fk_evidence_object_id FOREIGN KEY (graph_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_order
    ADD CONSTRAINT analysis_order_unit_id_b32e81eb_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_ordered
    ADD CONSTRAINT analysis_ordered_file_id_99f3b2db_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_ordered
    ADD CONSTRAINT analysis_ordered_order_id_bbf52460_fk_analysis_order_id FOREIGN KEY (order_id) REFERENCES public.analysis_order(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_ordered
    ADD CONSTRAINT analysis_ordered_referral_id_ed42b942_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_run
    ADD CONSTRAINT analysis_run_file_id_1ab79d2c_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_seen
    ADD CONSTRAINT analysis_seen_run_id_5b3ffba0_fk_analysis_run_id FOREIGN KEY (run_id) REFERENCES public.analysis_run(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_text_run
    ADD CONSTRAINT analysis_text_run_referral_id_83b17887_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_texts_waiting
    ADD CONSTRAINT analysis_texts_waiti_referral_id_df756525_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.analysis_texts_waiting
    ADD CONSTRAINT analysis_texts_waiting_unit_id_5da90547_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_kept_id_b0092057_fk_casework_kept_search_id FOREIGN KEY (kept_id) REFERENCES public.casework_kept_search(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_referral_id_30b6d954_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_alert
    ADD CONSTRAINT casework_alert_unit_id_c6ae607b_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_answer
    ADD CONSTRAINT casework_answer_unit_id_01a4269b_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_confirmed
    ADD CONSTRAINT casework_confirmed_referral_id_0130dcbd_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_confirmed
    ADD CONSTRAINT casework_confirmed_unit_id_a3cb3c46_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_decision
    ADD CONSTRAINT casework_decision_officer_id_d41ba747_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_decision
    ADD CONSTRAINT casework_decision_part_of_id_faf7ca3d_fk_casework_ FOREIGN KEY (part_of_id) REFERENCES public.casework_group_decision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_decision
    ADD CONSTRAINT casework_decision_referral_id_8abdc409_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_decision
    ADD CONSTRAINT casework_decision_reverses_id_7e12c96d_fk_casework_decision_id FOREIGN KEY (reverses_id) REFERENCES public.casework_decision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_discipline
    ADD CONSTRAINT casework_discipline_unit_id_21a194e7_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_group_decision
    ADD CONSTRAINT casework_group_decis_officer_id_923b8906_fk_accounts_ FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_group_decision
    ADD CONSTRAINT casework_group_decis_reverses_id_8b645b68_fk_casework_ FOREIGN KEY (reverses_id) REFERENCES public.casework_group_decision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_group_decision
    ADD CONSTRAINT casework_group_decision_group_id_75a2e914_fk_links_group_id FOREIGN KEY (group_id) REFERENCES public.links_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_hit
    ADD CONSTRAINT casework_kept_hit_referral_id_8dfb344c_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_hit
    ADD CONSTRAINT casework_kept_hit_search_id_e6fbb0ce_fk_casework_kept_search_id FOREIGN KEY (search_id) REFERENCES public.casework_kept_search(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_pending
    ADD CONSTRAINT casework_kept_pendin_referral_id_e319afdb_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_pending
    ADD CONSTRAINT casework_kept_pending_unit_id_679042b8_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_search
    ADD CONSTRAINT casework_kept_search_unit_id_8a372ac3_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_seen
    ADD CONSTRAINT casework_kept_seen_officer_id_6c985913_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_seen
    ADD CONSTRAINT casework_kept_seen_search_id_5bf41076_fk_casework_ FOREIGN KEY (search_id) REFERENCES public.casework_kept_search(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_kept_term
    ADD CONSTRAINT casework_kept_term_search_id_0c5392e7_fk_casework_ FOREIGN KEY (search_id) REFERENCES public.casework_kept_search(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_lane
    ADD CONSTRAINT casework_lane_closed_by_id_a8626669_fk_accounts_officer_id FOREIGN KEY (closed_by_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_lane
    ADD CONSTRAINT casework_lane_opened_by_id_efc03405_fk_accounts_officer_id FOREIGN KEY (opened_by_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_lane
    ADD CONSTRAINT casework_lane_sender_id_04d40ca2_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_lane
    ADD CONSTRAINT casework_lane_unit_id_25611daf_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_note
    ADD CONSTRAINT casework_note_officer_id_12cc4358_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_note
    ADD CONSTRAINT casework_note_referral_id_f9efe39e_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_group_id_3fb7f7a6_fk_links_group_id FOREIGN KEY (group_id) REFERENCES public.links_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_lane_id_6d853f38_fk_casework_lane_id FOREIGN KEY (lane_id) REFERENCES public.casework_lane(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_officer_id_34a0fcf6_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_referral_id_c015a1e6_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_sender_id_0d82c7dc_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_queue
    ADD CONSTRAINT casework_queue_unit_id_5d88d1d8_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_second_look
    ADD CONSTRAINT casework_second_look_officer_id_8ff54c70_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_second_look
    ADD CONSTRAINT casework_second_look_referral_id_59e25e23_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_second_look
    ADD CONSTRAINT casework_second_look_unit_id_d08e4420_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_sender_day
    ADD CONSTRAINT casework_sender_day_sender_id_e0b81372_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_sender_day
    ADD CONSTRAINT casework_sender_day_unit_id_32bb8505_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_sender_touched
    ADD CONSTRAINT casework_sender_touched_sender_id_cfca4a31_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_sender_touched
    ADD CONSTRAINT casework_sender_touched_unit_id_6f580ae0_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_skill
    ADD CONSTRAINT casework_skill_unit_id_599be4f9_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_trial
    ADD CONSTRAINT casework_trial_unit_id_6534e1af_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_unit_figures
    ADD CONSTRAINT casework_unit_figures_unit_id_56076541_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.casework_visit
    ADD CONSTRAINT casework_visit_officer_id_2fe7cd63_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_archive
    ADD CONSTRAINT evidence_archive_archive_id_530289aa_fk_evidence_file_id FOREIGN KEY (archive_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_archive
    ADD CONSTRAINT evidence_archive_root_id_ec41ac14_fk_evidence_file_id FOREIGN KEY (root_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_examination
    ADD CONSTRAINT evidence_examination_file_id_2ce7898c_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_file
    ADD CONSTRAINT evidence_file_object_id_8cd018c3_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_fingerprint
    ADD CONSTRAINT evidence_fingerprint_file_id_97db6ac8_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_holding
    ADD CONSTRAINT evidence_holding_file_id_2a04c21d_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_holding
    ADD CONSTRAINT evidence_holding_unit_id_041b6dec_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_kept_report
    ADD CONSTRAINT evidence_kept_report_object_id_5aeecaff_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_kept_report
    ADD CONSTRAINT evidence_kept_report_unit_id_92f0fea9_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_member
    ADD CONSTRAINT evidence_member_archive_id_e432972f_fk_evidence_ FOREIGN KEY (archive_id) REFERENCES public.evidence_archive(archive_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.evidence_member
    ADD CONSTRAINT evidence_member_file_id_00f2558a_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_agency_id_6a518dec_fk_agencies_agency_id FOREIGN KEY (agency_id) REFERENCES public.agencies_agency(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_object_id_bffce775_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_referral_id_04445357_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_replaces_id_0cf09309_fk_exchange_arrival_id FOREIGN KEY (replaces_id) REFERENCES public.exchange_arrival(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_arrival
    ADD CONSTRAINT exchange_arrival_unit_id_180c9d32_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_agency_id_d75db727_fk_agencies_agency_id FOREIGN KEY (agency_id) REFERENCES public.agencies_agency(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_object_id_3aad49c1_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_referral_id_88427fe9_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_replaces_id_2c726e41_fk_exchange_dispatch_id FOREIGN KEY (replaces_id) REFERENCES public.exchange_dispatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_dispatch
    ADD CONSTRAINT exchange_dispatch_unit_id_6161f482_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_evaluated
    ADD CONSTRAINT exchange_evaluated_agency_id_8618aad4_fk_agencies_agency_id FOREIGN KEY (agency_id) REFERENCES public.agencies_agency(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_question
    ADD CONSTRAINT exchange_question_officer_id_878750b7_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_question
    ADD CONSTRAINT exchange_question_referral_id_c884fd0f_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_question
    ADD CONSTRAINT exchange_question_unit_id_ee885c41_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_reply
    ADD CONSTRAINT exchange_reply_agency_id_f54c8bae_fk_agencies_agency_id FOREIGN KEY (agency_id) REFERENCES public.agencies_agency(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_reply
    ADD CONSTRAINT exchange_reply_question_id_46fbabcb_fk_exchange_question_id FOREIGN KEY (question_id) REFERENCES public.exchange_question(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_reply
    ADD CONSTRAINT exchange_reply_unit_id_af9ddea2_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.exchange_tag_set
    ADD CONSTRAINT exchange_tag_set_agency_id_022260a5_fk_agencies_agency_id FOREIGN KEY (agency_id) REFERENCES public.agencies_agency(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_document
    ADD CONSTRAINT intake_document_object_id_7e48d989_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_document
    ADD CONSTRAINT intake_document_unit_id_c0d5e084_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_details_id_574266c6_fk_evidence_object_id FOREIGN KEY (details_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_object_id_c2930fa8_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_incoming_file
    ADD CONSTRAINT intake_incoming_file_report_id_b9503a21_fk_intake_in FOREIGN KEY (report_id) REFERENCES public.intake_incoming_report(number) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_incoming_report
    ADD CONSTRAINT intake_incoming_repo_document_id_a5cc4ef2_fk_intake_do FOREIGN KEY (document_id) REFERENCES public.intake_document(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_incoming_report
    ADD CONSTRAINT intake_incoming_repo_login_id_4e648002_fk_intake_se FOREIGN KEY (login_id) REFERENCES public.intake_sender_login(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_incoming_report
    ADD CONSTRAINT intake_incoming_report_object_id_6974091f_fk_evidence_object_id FOREIGN KEY (object_id) REFERENCES public.evidence_object(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_notice_link
    ADD CONSTRAINT intake_notice_link_sender_id_3cc42828_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_notice_link
    ADD CONSTRAINT intake_notice_link_unit_id_54845b37_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_sender_day
    ADD CONSTRAINT intake_sender_day_sender_id_93cef587_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_sender_day
    ADD CONSTRAINT intake_sender_day_unit_id_6644752f_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_sender_login
    ADD CONSTRAINT intake_sender_login_sender_id_3917bc7c_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_sender_login
    ADD CONSTRAINT intake_sender_login_unit_id_782133f5_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.intake_sender_secret
    ADD CONSTRAINT intake_sender_secret_login_id_c5e14e27_fk_intake_se FOREIGN KEY (login_id) REFERENCES public.intake_sender_login(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_again
    ADD CONSTRAINT links_again_referral_id_525bf9db_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_bearing
    ADD CONSTRAINT links_bearing_referral_id_37a1fc4e_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_circle
    ADD CONSTRAINT links_circle_unit_id_4c43324e_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_circled
    ADD CONSTRAINT links_circled_circle_id_ebf7b6ae_fk_links_circle_id FOREIGN KEY (circle_id) REFERENCES public.links_circle(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_circled
    ADD CONSTRAINT links_circled_referral_id_62d2db8d_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_definition
    ADD CONSTRAINT links_definition_unit_id_41ae624b_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_earlier
    ADD CONSTRAINT links_earlier_referral_id_f9a2c7d5_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_earlier
    ADD CONSTRAINT links_earlier_unit_id_5c6e661c_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_group
    ADD CONSTRAINT links_group_definition_id_321840eb_fk_links_definition_id FOREIGN KEY (definition_id) REFERENCES public.links_definition(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_group
    ADD CONSTRAINT links_group_merged_into_id_fb111437_fk_links_group_id FOREIGN KEY (merged_into_id) REFERENCES public.links_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_group_sender
    ADD CONSTRAINT links_group_sender_group_id_6770cfac_fk_links_group_id FOREIGN KEY (group_id) REFERENCES public.links_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_group_sender
    ADD CONSTRAINT links_group_sender_sender_id_74401b09_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_group
    ADD CONSTRAINT links_group_unit_id_39c91248_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_member
    ADD CONSTRAINT links_member_group_id_fce80e76_fk_links_group_id FOREIGN KEY (group_id) REFERENCES public.links_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_member
    ADD CONSTRAINT links_member_referral_id_e5943d69_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_member
    ADD CONSTRAINT links_member_split_by_id_ba3f799f_fk_accounts_officer_id FOREIGN KEY (split_by_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_occurrence
    ADD CONSTRAINT links_occurrence_bundled_by_id_770e4105_fk_intake_sender_id FOREIGN KEY (bundled_by_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_occurrence
    ADD CONSTRAINT links_occurrence_referral_id_8f3a1808_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_pending
    ADD CONSTRAINT links_pending_referral_id_c428d812_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_pending
    ADD CONSTRAINT links_pending_unit_id_700ac246_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_print
    ADD CONSTRAINT links_print_referral_id_49784c19_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_verdict
    ADD CONSTRAINT links_verdict_officer_id_a9c70b8f_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_verdict
    ADD CONSTRAINT links_verdict_one_id_b5b0dcda_fk_referrals_referral_id FOREIGN KEY (one_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_verdict
    ADD CONSTRAINT links_verdict_other_id_2a60eaa5_fk_referrals_referral_id FOREIGN KEY (other_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.links_verdict
    ADD CONSTRAINT links_verdict_unit_id_3385bdc9_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_coverage
    ADD CONSTRAINT matching_coverage_hash_list_id_094041da_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_entry
    ADD CONSTRAINT matching_entry_hash_list_id_f370c31b_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_feed
    ADD CONSTRAINT matching_feed_hash_list_id_e94eb4e2_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_hashlist
    ADD CONSTRAINT matching_hashlist_unit_id_1368f77e_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_hit
    ADD CONSTRAINT matching_hit_entry_id_10b78d2c_fk_matching_entry_id FOREIGN KEY (entry_id) REFERENCES public.matching_entry(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_listed_video
    ADD CONSTRAINT matching_listed_video_list FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.matching_match
    ADD CONSTRAINT matching_match_entry_id_41538324_fk_matching_entry_id FOREIGN KEY (entry_id) REFERENCES public.matching_entry(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_naming
    ADD CONSTRAINT matching_naming_entry_id_23a3cf0f_fk_matching_entry_id FOREIGN KEY (entry_id) REFERENCES public.matching_entry(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_opinion
    ADD CONSTRAINT matching_opinion_entry_id_c4b55e51_fk_matching_entry_id FOREIGN KEY (entry_id) REFERENCES public.matching_entry(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_proposal
    ADD CONSTRAINT matching_proposal_hash_list_id_612b7d94_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_reader
    ADD CONSTRAINT matching_reader_hash_list_id_648fdc61_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_reader
    ADD CONSTRAINT matching_reader_login_id_cf4aef2f_fk_intake_sender_login_id FOREIGN KEY (login_id) REFERENCES public.intake_sender_login(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_removed
    ADD CONSTRAINT matching_removed_hash_list_id_67a5ffe1_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_served
    ADD CONSTRAINT matching_served_hash_list_id_06d5fd83_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_setaside
    ADD CONSTRAINT matching_setaside_entry_id_b8074774_fk_matching_entry_id FOREIGN KEY (entry_id) REFERENCES public.matching_entry(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_sharing
    ADD CONSTRAINT matching_sharing_hash_list_id_2001fdf9_fk_matching_hashlist_id FOREIGN KEY (hash_list_id) REFERENCES public.matching_hashlist(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.matching_sweep
    ADD CONSTRAINT matching_sweep_unit_id_cddc77ee_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_assessment
    ADD CONSTRAINT priority_assessment_ranker_id_c134a1f8_fk_priority_ranker_id FOREIGN KEY (ranker_id) REFERENCES public.priority_ranker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_assessment
    ADD CONSTRAINT priority_assessment_referral_id_d423939b_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_assessment
    ADD CONSTRAINT priority_assessment_rules_id_79c6d9a6_fk_priority_ruleset_id FOREIGN KEY (rules_id) REFERENCES public.priority_ruleset(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_audit
    ADD CONSTRAINT priority_audit_referral_id_d3838d96_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_audit_share
    ADD CONSTRAINT priority_audit_share_unit_id_1e760976_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_audit
    ADD CONSTRAINT priority_audit_unit_id_adb8abb3_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_line
    ADD CONSTRAINT priority_line_ranker_id_f930c39b_fk_priority_ranker_id FOREIGN KEY (ranker_id) REFERENCES public.priority_ranker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_line
    ADD CONSTRAINT priority_line_rules_id_10949399_fk_priority_ruleset_id FOREIGN KEY (rules_id) REFERENCES public.priority_ruleset(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_line
    ADD CONSTRAINT priority_line_unit_id_8d445ff4_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_one_alone
    ADD CONSTRAINT priority_one_alone_unit_id_7c54351d_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_outcome
    ADD CONSTRAINT priority_outcome_referral_id_deda4cba_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_outcome
    ADD CONSTRAINT priority_outcome_unit_id_5d7c73a9_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_ranker
    ADD CONSTRAINT priority_ranker_before_id_a2671e07_fk_priority_ranker_id FOREIGN KEY (before_id) REFERENCES public.priority_ranker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_ranker
    ADD CONSTRAINT priority_ranker_unit_id_9b9816b1_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_ruleset
    ADD CONSTRAINT priority_ruleset_unit_id_4376f2b4_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_shadow_score
    ADD CONSTRAINT priority_shadow_scor_referral_id_73ab533d_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.priority_shadow_score
    ADD CONSTRAINT priority_shadow_score_ranker_id_a02cc370_fk_priority_ranker_id FOREIGN KEY (ranker_id) REFERENCES public.priority_ranker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.referrals_attachment
    ADD CONSTRAINT referrals_attachment_file_id_8e8795a4_fk_evidence_file_id FOREIGN KEY (file_id) REFERENCES public.evidence_file(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_attachment
    ADD CONSTRAINT referrals_attachment_referral_id_8eccf7d7_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_attachment
    ADD CONSTRAINT referrals_attachment_version_id_f7fbfabc_fk_referrals FOREIGN KEY (version_id) REFERENCES public.referrals_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_contradiction
    ADD CONSTRAINT referrals_contradict_newer_id_71d53a74_fk_referrals FOREIGN KEY (newer_id) REFERENCES public.referrals_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_contradiction
    ADD CONSTRAINT referrals_contradict_older_id_2c290a2a_fk_referrals FOREIGN KEY (older_id) REFERENCES public.referrals_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_contradiction
    ADD CONSTRAINT referrals_contradict_referral_id_d8191455_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_occurrence
    ADD CONSTRAINT referrals_occurrence_identifier_id_79d69824_fk_referrals FOREIGN KEY (identifier_id) REFERENCES public.referrals_identifier(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_occurrence
    ADD CONSTRAINT referrals_occurrence_unit_id_13021632_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_person
    ADD CONSTRAINT referrals_person_version_id_d2f2ad72_fk_referrals_version_id FOREIGN KEY (version_id) REFERENCES public.referrals_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_sender_id_b9046f59_fk_intake_sender_id FOREIGN KEY (sender_id) REFERENCES public.intake_sender(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_referral
    ADD CONSTRAINT referrals_referral_unit_id_ee4e7031_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_sighting
    ADD CONSTRAINT referrals_sighting_attachment_id_d78c4593_fk_referrals FOREIGN KEY (attachment_id) REFERENCES public.referrals_attachment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_sighting
    ADD CONSTRAINT referrals_sighting_identifier_id_89327d77_fk_referrals FOREIGN KEY (identifier_id) REFERENCES public.referrals_identifier(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_sighting
    ADD CONSTRAINT referrals_sighting_person_id_7b4e2465_fk_referrals_person_id FOREIGN KEY (person_id) REFERENCES public.referrals_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_sighting
    ADD CONSTRAINT referrals_sighting_referral_id_29cbe207_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_sighting
    ADD CONSTRAINT referrals_sighting_version_id_21d6db94_fk_referrals_version_id FOREIGN KEY (version_id) REFERENCES public.referrals_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_version
    ADD CONSTRAINT referrals_version_document_id_fd544ad2_fk_intake_document_id FOREIGN KEY (document_id) REFERENCES public.intake_document(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_version
    ADD CONSTRAINT referrals_version_referral_id_ad68340f_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_words
    ADD CONSTRAINT referrals_words_referral_id_aeeaca6d_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_words
    ADD CONSTRAINT referrals_words_unit_id_46dad7da_fk_accounts_unit_id FOREIGN KEY (unit_id) REFERENCES public.accounts_unit(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.referrals_words
    ADD CONSTRAINT referrals_words_version_id_70ede72a_fk_referrals_version_id FOREIGN KEY (version_id) REFERENCES public.referrals_version(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.routing_correction
    ADD CONSTRAINT routing_correction_officer_id_b7ad6519_fk_accounts_officer_id FOREIGN KEY (officer_id) REFERENCES public.accounts_officer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.routing_correction
    ADD CONSTRAINT routing_correction_referral_id_3e980651_fk_referrals FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.routing_proposal
    ADD CONSTRAINT routing_proposal_referral_id_f48ed2ac_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.routing_route
    ADD CONSTRAINT routing_route_referral_id_25ef0bc6_fk_referrals_referral_id FOREIGN KEY (referral_id) REFERENCES public.referrals_referral(id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('accounts', '0001_initial', now()),
    ('accounts', '0002_groups', now()),
    ('accounts', '0003_match', now()),
    ('accounts', '0004_manage_models', now()),
    ('accounts', '0005_languages_and_skills', now()),
    ('accounts', '0006_contact_of_units', now()),
    ('agencies', '0001_initial', now()),
    ('agencies', '0002_questions', now()),
    ('evidence', '0001_initial', now()),
    ('intake', '0001_initial', now()),
    ('referrals', '0001_initial', now()),
    ('referrals', '0002_versions_stand_until_replaced', now()),
    ('referrals', '0003_sightings_in_text', now()),
    ('referrals', '0004_remarks', now()),
    ('referrals', '0005_attachment_pdq', now()),
    ('evidence', '0002_kept_reports', now()),
    ('evidence', '0003_members', now()),
    ('analysis', '0001_initial', now()),
    ('analysis', '0002_labels', now()),
    ('analysis', '0003_register', now()),
    ('analysis', '0004_clustered', now()),
    ('analysis', '0005_texts', now()),
    ('analysis', '0006_models_of_texts', now()),
    ('api', '0001_initial', now()),
    ('contenttypes', '0001_initial', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('referrals', '0006_words_and_occurrences', now()),
    ('links', '0001_groups', now()),
    ('links', '0002_found_by_referral', now()),
    ('links', '0003_circles', now()),
    ('intake', '0002_incoming_reports', now()),
    ('intake', '0003_notice_links', now()),
    ('intake', '0004_over_share', now()),
    ('casework', '0001_initial', now()),
    ('casework', '0002_initial', now()),
    ('casework', '0003_groups_and_lanes', now()),
    ('casework', '0004_lines_of_groups', now()),
    ('casework', '0005_recipients', now()),
    ('casework', '0006_senders', now()),
    ('casework', '0007_sender_sums', now()),
    ('casework', '0008_alerts_of_packages', now()),
    ('casework', '0009_alerts_of_lines', now()),
    ('casework', '0010_saved_searches', now()),
    ('casework', '0011_laboratory', now()),
    ('casework', '0012_discipline', now()),
    ('casework', '0013_rules_queues', now()),
    ('custody', '0001_initial', now()),
    ('exchange', '0001_initial', now()),
    ('exchange', '0002_questions', now()),
    ('links', '0004_again_and_lines', now()),
    ('matching', '0001_initial', now()),
    ('matching', '0002_change_log', now()),
    ('matching', '0003_rematch', now()),
    ('matching', '0004_held_videos', now()),
    ('matching', '0005_lists', now()),
    ('matching', '0006_what_hangs_on_entries', now()),
    ('matching', '0007_listed_videos', now()),
    ('matching', '0008_newest_entries', now()),
    ('matching', '0009_listed_videos_set_aside', now()),
    ('priority', '0001_initial', now()),
    ('priority', '0002_the_line', now()),
    ('priority', '0003_rules_by_two', now()),
    ('priority', '0004_rankers', now()),
    ('procrastinate', '0001_initial', now()),
    ('procrastinate', '0002_drop_started_at_column', now()),
    ('procrastinate', '0003_drop_started_at_column', now()),
    ('procrastinate', '0004_drop_procrastinate_version_table', now()),
    ('procrastinate', '0005_fix_procrastinate_fetch_job', now()),
    ('procrastinate', '0006_fix_trigger_status_events_insert', now()),
    ('procrastinate', '0007_add_queueing_lock_column', now()),
    ('procrastinate', '0008_close_fetch_job_race_condition', now()),
    ('procrastinate', '0009_add_defer_job_function', now()),
    ('procrastinate', '0010_add_procrastinate_periodic_defers', now()),
    ('procrastinate', '0011_add_foreign_key_index', now()),
    ('procrastinate', '0012_add_locks_to_periodic_defer', now()),
    ('procrastinate', '0013_fix_procrastinate_defer_periodic_job', now()),
    ('procrastinate', '0014_add_finish_job_and_retry_job_functions', now()),
    ('procrastinate', '0015_add_trigger_on_job_deletion', now()),
    ('procrastinate', '0016_delete_finished_jobs', now()),
    ('procrastinate', '0017_add_checks_to_finish_job', now()),
    ('procrastinate', '0018_add_checks_to_retry_job', now()),
    ('procrastinate', '0019_fix_finish_job_compat_issue', now()),
    ('procrastinate', '0020_add_index_on_procrastinate_jobs', now()),
    ('procrastinate', '0021_add_kwargs_to_defer_periodic_job', now()),
    ('procrastinate', '0022_null_locks_excluded', now()),
    ('procrastinate', '0023_remove_old_finish_job_function', now()),
    ('procrastinate', '0024_job_id_bigint', now()),
    ('procrastinate', '0025_add_models', now()),
    ('procrastinate', '0026_add_job_priority', now()),
    ('procrastinate', '0027_add_periodic_job_priority', now()),
    ('procrastinate', '0028_add_cancel_states', now()),
    ('procrastinate', '0029_add_additional_params_to_retry_job', now()),
    ('procrastinate', '0030_alter_procrastinateevent_options', now()),
    ('procrastinate', '0031_add_indexes_for_fetch_job', now()),
    ('procrastinate', '0032_pre_cancel_notification', now()),
    ('procrastinate', '0033_post_cancel_notification', now()),
    ('procrastinate', '0034_pre_add_heartbeat', now()),
    ('procrastinate', '0035_post_add_heartbeat', now()),
    ('procrastinate', '0036_add_worker_model', now()),
    ('procrastinate', '0037_pre_batch_defer_jobs', now()),
    ('procrastinate', '0038_post_batch_defer_jobs', now()),
    ('procrastinate', '0039_pre_priority_lock_fetch_job', now()),
    ('procrastinate', '0040_pre_retry_failed_job', now()),
    ('procrastinate', '0041_post_retry_failed_job', now()),
    ('routing', '0001_initial', now());
