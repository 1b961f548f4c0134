using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>Refusals, limits, failures and lies of a server: one line each, and nothing half-written.</summary>
public sealed class FailureTests : IDisposable
{
    private static readonly byte[] Weights = LoopbackHub.Bytes(50_000);

    private readonly LoopbackHub _hub = new LoopbackHub().With("google/gemma-2-2b", ("config.json", [1, 2]), ("model.safetensors", Weights));

    public void Dispose() => _hub.Dispose();

    private HubException Failure(string file = "model.safetensors", string repository = "google/gemma-2-2b", string revision = "main")
    {
        using var client = _hub.Client();
        var error = Assert.Throws<HubException>(() => client.File(repository, file, revision));
        Assert.DoesNotContain('\n', error.Message);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        if (Directory.Exists(_hub.Options.CacheFolder))
            Assert.DoesNotContain(Directory.GetFiles(_hub.Options.CacheFolder, "*", SearchOption.AllDirectories), f => f.Contains("/snapshots/") || f.Contains(".partial"));
        return error;
    }

    private static Answer Coded(int status, string code) => new(status) { Headers = { ["X-Error-Code"] = code } };

    [Fact]
    public void A_gated_model_without_a_token_says_which_licence_and_where_the_token_goes()
    {
        _hub.Options = _hub.Options with { TokenFile = "/home/me/.cache/huggingface/token" };
        _hub.Misbehave = _ => Coded(401, "GatedRepo");
        var error = Failure();
        Assert.Equal(HubProblem.Gated, error.Problem);
        Assert.Equal($"google/gemma-2-2b is gated: accept its licence at {_hub.Options.Endpoint}/google/gemma-2-2b, then put a token from " +
            $"{_hub.Options.Endpoint}/settings/tokens into the environment variable HF_TOKEN or the file /home/me/.cache/huggingface/token.", error.Message);
    }

    [Fact]
    public void A_gated_model_with_a_token_says_that_the_account_has_no_access()
    {
        _hub.Options = _hub.Options with { Token = "hf_secret" };
        _hub.Misbehave = _ => Coded(403, "GatedRepo");
        var error = Failure();
        Assert.Equal(HubProblem.Gated, error.Problem);
        Assert.Contains($"accept the licence at {_hub.Options.Endpoint}/google/gemma-2-2b with that account", error.Message);
        Assert.DoesNotContain("hf_secret", error.ToString());
    }

    [Fact]
    public void A_token_that_is_not_accepted_is_told_from_a_gate()
    {
        _hub.Options = _hub.Options with { Token = "hf_old" };
        _hub.Misbehave = _ => new(401) { Headers = { ["X-Error-Message"] = "Invalid credentials in Authorization header" } };
        var error = Failure();
        Assert.Equal(HubProblem.BadToken, error.Problem);
        Assert.Contains("does not accept your token", error.Message);
        Assert.Single(_hub.Requests); // no use in trying again
    }

    [Fact]
    public void A_token_with_a_line_break_inside_is_not_sent()
    {
        _hub.Options = _hub.Options with { Token = "hf_a\nb" };
        Assert.Contains("copy it again", Failure().Message);
        Assert.Empty(_hub.Requests);
    }

    [Theory]
    [InlineData("google/gemma-2-2c", "config.json", "main", HubProblem.NoRepository, "no repository 'google/gemma-2-2c'")]
    [InlineData("google/gemma-2-2b", "config.json", "float16", HubProblem.NoRevision, "google/gemma-2-2b has no revision 'float16'")]
    [InlineData("google/gemma-2-2b", "model.gguf", "main", HubProblem.NoFile, "google/gemma-2-2b has no file 'model.gguf'")]
    public void What_is_not_there_is_told_apart(string repository, string file, string revision, HubProblem problem, string message)
    {
        var error = Failure(file, repository, revision);
        Assert.Equal(problem, error.Problem);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_limit_is_waited_out_for_as_long_as_the_server_says()
    {
        var refusals = 2;
        _hub.Misbehave = _ => refusals-- > 0 ? new(429) { Headers = { ["Retry-After"] = "17" } } : null;
        using var client = _hub.Client();
        client.File("google/gemma-2-2b", "config.json");
        Assert.Equal([TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(17)], _hub.Time.Pauses);
    }

    [Fact]
    public void A_limit_with_a_date_is_waited_out_until_then()
    {
        var refusals = 1;
        _hub.Misbehave = _ => refusals-- > 0 ? new(429) { Headers = { ["Retry-After"] = _hub.Time.GetUtcNow().AddSeconds(90).ToString("R") } } : null;
        using var client = _hub.Client();
        client.File("google/gemma-2-2b", "config.json");
        Assert.InRange(Assert.Single(_hub.Time.Pauses).TotalSeconds, 60, 90);
    }

    [Fact]
    public void A_limit_of_an_hour_is_an_error_at_once()
    {
        _hub.Misbehave = _ => new(429) { Headers = { ["Retry-After"] = "3600" } };
        var error = Failure();
        Assert.Equal(HubProblem.Unavailable, error.Problem);
        Assert.Contains("limits requests (429)", error.Message);
        Assert.Contains("with a token", error.Message);
        Assert.Single(_hub.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public void A_failure_that_passes_is_tried_again_after_longer_and_longer_pauses(int status)
    {
        var failures = 4;
        _hub.Misbehave = _ => failures-- > 0 ? new(status) : null;
        using var client = _hub.Client();
        Assert.Equal([1, 2], File.ReadAllBytes(client.File("google/gemma-2-2b", "config.json")));
        Assert.Equal([0.5, 1, 2, 4], _hub.Time.Pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public void A_failure_that_does_not_pass_is_named_with_the_number_of_tries()
    {
        _hub.Misbehave = _ => new(500);
        Assert.Contains("answers 500 for 'model.safetensors' of google/gemma-2-2b; try again later (tried 6 times)", Failure().Message);
        Assert.Equal(6, _hub.Requests.Count);
    }

    [Fact]
    public void A_wrong_checksum_names_the_file_and_both_digests_and_leaves_nothing()
    {
        var damaged = (byte[])Weights.Clone();
        damaged[30_000] ^= 1;
        _hub.MisbehaveCdn = _ => new(200, damaged);
        var error = Failure();
        Assert.Equal(HubProblem.WrongChecksum, error.Problem);
        Assert.Equal($"'model.safetensors' of google/gemma-2-2b arrived damaged: the checksum is {LoopbackHub.Sha256(damaged)}, expected {LoopbackHub.Sha256(Weights)}. It was deleted; try again.", error.Message);
        Assert.Empty(Directory.GetFiles(_hub.InCache("google/gemma-2-2b", "blobs")));
    }

    [Fact]
    public void So_does_one_of_a_small_file()
    {
        _hub.Misbehave = asked => asked.Method == "GET" ? new(200, [1, 3]) : null;
        Assert.Contains($"expected {LoopbackHub.GitDigest([1, 2])}", Failure("config.json").Message);
        Assert.Empty(Directory.GetFiles(_hub.InCache("google/gemma-2-2b", "blobs")));
    }

    [Theory]
    [InlineData(40_000, false, "announces 50,000 bytes, but sends 40,000")]
    [InlineData(60_000, false, "announces 50,000 bytes, but sends 60,000")]
    [InlineData(60_000, true, "announces 50,000 bytes, but sends more")]
    public void A_server_that_lies_about_the_size_is_found_out(int sent, bool unmeasured, string message)
    {
        _hub.MisbehaveCdn = _ => new(200, LoopbackHub.Bytes(sent)) { IsUnmeasured = unmeasured };
        var error = Failure();
        Assert.Equal(HubProblem.BadServer, error.Problem);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("9000000000000000000", HubProblem.Disk, "needs 9,000,000,000.0 GB more")]
    [InlineData("99999999999999999999", HubProblem.BadServer, "does not say how large")]
    [InlineData("-5", HubProblem.BadServer, "does not say how large")]
    public void A_size_beyond_the_disk_or_reason_is_refused_before_the_first_byte(string size, HubProblem problem, string message)
    {
        _hub.Misbehave = asked => new(302)
        {
            Headers =
            {
                ["X-Repo-Commit"] = _hub.CommitOf("google/gemma-2-2b"), ["X-Linked-Etag"] = $"\"{LoopbackHub.Sha256(Weights)}\"",
                ["X-Linked-Size"] = size, ["Location"] = _hub.Cdn,
            },
        };
        var error = Failure();
        Assert.Equal(problem, error.Problem);
        Assert.Contains(message, error.Message);
        Assert.Empty(_hub.CdnRequests);
    }

    [Theory]
    [InlineData("X-Repo-Commit", "../../../etc")]
    [InlineData("X-Linked-Etag", "\"../../../etc/passwd\"")]
    [InlineData("X-Linked-Etag", "\"d41d8cd98f00b204e9800998ecf8427e\"")]
    public void Headers_that_are_no_digests_become_no_paths(string header, string value)
    {
        var headers = new Dictionary<string, string>
        {
            ["X-Repo-Commit"] = _hub.CommitOf("google/gemma-2-2b"), ["X-Linked-Etag"] = $"\"{LoopbackHub.Sha256(Weights)}\"", ["X-Linked-Size"] = "5", ["Location"] = _hub.Cdn,
        };
        headers[header] = value;
        _hub.Misbehave = _ => new(302) { Headers = headers };
        Assert.Equal(HubProblem.BadServer, Failure().Problem);
        Assert.False(Directory.Exists(_hub.Options.CacheFolder));
    }

    [Fact]
    public void A_server_that_is_no_hub_is_named()
    {
        _hub.Misbehave = _ => new(200, "<html>Log in to the airport's network</html>"u8.ToArray());
        var error = Failure();
        Assert.Equal(HubProblem.BadServer, error.Problem);
        Assert.Contains("check HF_ENDPOINT", error.Message);
        using var client = _hub.Client();
        Assert.Contains("sends no list of files", Assert.Throws<HubException>(() => client.List("google/gemma-2-2b")).Message);
    }

    [Fact]
    public void A_redirect_to_no_web_address_is_refused()
    {
        _hub.MisbehaveCdn = _ => new(302) { Headers = { ["Location"] = "ftp://elsewhere/model.safetensors" } };
        Assert.Contains("redirects to 'ftp:'", Failure().Message);
    }

    [Fact]
    public void A_ring_of_redirects_is_left()
    {
        _hub.Misbehave = asked => new(302) { Headers = { ["Location"] = asked.Path } };
        Assert.Contains("redirects more than 5 times", Failure().Message);
    }

    [Fact]
    public void A_server_that_does_not_listen_is_named_with_the_way_out()
    {
        _hub.Options = _hub.Options with { Endpoint = ClosedPort() };
        var error = Failure();
        Assert.Equal(HubProblem.Unreachable, error.Problem);
        Assert.Contains($"{_hub.Options.Endpoint} cannot be reached", error.Message);
        Assert.Contains("HF_HUB_OFFLINE=1", error.Message);
    }

    private static string ClosedPort()
    {
        using var server = new LoopbackServer(_ => new(200));
        return server.Address;
    }
}
