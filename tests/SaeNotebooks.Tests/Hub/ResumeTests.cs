using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>Transfers that are cut, stall, or find what an earlier one left.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly byte[] Weights = LoopbackHub.Bytes(100_000);

    private readonly LoopbackHub _hub = new LoopbackHub().With("org/model", ("model.safetensors", Weights), ("tokenizer.json", Weights));

    public void Dispose() => _hub.Dispose();

    private string Partial => _hub.InCache("org/model", "blobs", $"{LoopbackHub.Sha256(Weights)}.incomplete");

    private static Answer Cut(Asked asked, int after) => LoopbackHub.Content(asked, Weights) with { CutAfter = after };

    private void LeavePartial(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Partial)!);
        File.WriteAllBytes(Partial, content);
    }

    private void Downloads(string file = "model.safetensors")
    {
        using var client = _hub.Client();
        Assert.Equal(Weights, File.ReadAllBytes(client.File("org/model", file)));
        Assert.False(File.Exists(Partial));
    }

    [Fact]
    public void A_cut_transfer_goes_on_where_it_stopped()
    {
        _hub.MisbehaveCdn = asked => asked.From < 60_000 ? Cut(asked, 30_000) : null;
        Downloads();
        Assert.Equal([0, 30_000, 60_000], _hub.CdnRequests.Select(r => r.From));
        Assert.Empty(_hub.Time.Pauses); // progress was made, so nobody needs to wait
    }

    [Fact]
    public void So_does_one_of_a_small_file_which_the_hub_itself_serves()
    {
        _hub.Misbehave = asked => asked is { Method: "GET", From: 0 } && asked.Path.EndsWith("/tokenizer.json", StringComparison.Ordinal) ? Cut(asked, 30_000) : null;
        Downloads("tokenizer.json");
        Assert.Contains(_hub.Requests, r => r.From == 30_000);
    }

    [Fact]
    public void A_later_attempt_goes_on_from_what_the_first_one_left()
    {
        _hub.MisbehaveCdn = asked => asked.From == 0 ? Cut(asked, 40_000) : new(503);
        using (var client = _hub.Client())
            Assert.Contains("503", Assert.Throws<HubException>(() => client.File("org/model", "model.safetensors")).Message);
        Assert.Equal(Weights[..40_000], File.ReadAllBytes(Partial));
        Assert.False(File.Exists(_hub.InSnapshot("org/model", "model.safetensors")));
        _hub.MisbehaveCdn = null;
        Downloads();
        Assert.Equal(40_000, _hub.CdnRequests[^1].From);
    }

    [Fact]
    public void A_server_that_falls_silent_is_left_and_asked_again()
    {
        _hub.Time.Patience = TimeSpan.FromMilliseconds(400);
        _hub.MisbehaveCdn = asked => asked.From == 0 ? LoopbackHub.Content(asked, Weights) with { StallAfter = 30_000 } : null;
        Downloads();
        Assert.Equal([0, 30_000], _hub.CdnRequests.Select(r => r.From));
    }

    [Fact]
    public void A_slow_server_is_waited_for()
    {
        _hub.Time.Patience = TimeSpan.FromSeconds(20);
        _hub.MisbehaveCdn = asked => LoopbackHub.Content(asked, Weights) with { Pause = TimeSpan.FromMilliseconds(50) };
        Downloads();
        Assert.Single(_hub.CdnRequests);
    }

    [Fact]
    public void An_answer_without_a_length_that_ends_early_is_a_cut()
    {
        _hub.MisbehaveCdn = asked => asked.From == 0 ? Cut(asked, 30_000) with { IsUnmeasured = true } : null;
        Downloads();
        Assert.Equal([0, 30_000], _hub.CdnRequests.Select(r => r.From));
    }

    [Fact]
    public void A_server_that_cannot_resume_is_asked_for_the_whole()
    {
        LeavePartial(Weights[..40_000]);
        _hub.MisbehaveCdn = asked => new(200, Weights);
        Downloads();
        Assert.Equal([40_000], _hub.CdnRequests.Select(r => r.From));
    }

    [Fact]
    public void A_server_that_resumes_elsewhere_is_asked_for_the_whole()
    {
        LeavePartial(Weights[..40_000]);
        _hub.MisbehaveCdn = asked => asked.From == 0 ? null : new(206, Weights[50_000..]) { Headers = { ["Content-Range"] = "bytes 50000-99999/100000" } };
        Downloads();
    }

    [Fact]
    public void A_server_that_always_cuts_and_never_resumes_is_given_up()
    {
        _hub.MisbehaveCdn = asked => new(200, Weights) { CutAfter = 40_000 };
        using var client = _hub.Client();
        var error = Assert.Throws<HubException>(() => client.File("org/model", "model.safetensors"));
        Assert.Equal(HubProblem.BadServer, error.Problem);
        Assert.Contains("4 attempts came to nothing", error.Message);
    }

    [Fact]
    public void A_partial_file_with_holes_is_fetched_anew()
    {
        // Python's xet transfer writes pieces out of order, so a file that it left may be long and yet hollow.
        LeavePartial([.. Weights[..10_000], .. new byte[30_000]]);
        Downloads();
        Assert.Equal([40_000, 0], _hub.CdnRequests.Select(r => r.From));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(150_000)]
    public void A_partial_file_that_is_whole_or_too_long_is_right_at_the_end(int length)
    {
        LeavePartial([.. Weights, .. new byte[length - Weights.Length]]);
        Downloads();
        Assert.Equal(length == Weights.Length ? 0 : 1, _hub.CdnRequests.Count);
    }

    [Fact]
    public void A_server_that_sends_nothing_runs_out_of_tries()
    {
        _hub.MisbehaveCdn = asked => Cut(asked, 0);
        using var client = _hub.Client();
        var error = Assert.Throws<HubException>(() => client.File("org/model", "model.safetensors"));
        Assert.Contains("'model.safetensors' of org/model was cut off after 0 of 100,000 bytes", error.Message);
        Assert.Equal(6, _hub.CdnRequests.Count);
    }

    [Fact]
    public async Task Cancelling_ends_a_transfer_and_keeps_what_came()
    {
        _hub.MisbehaveCdn = asked => LoopbackHub.Content(asked, Weights) with { StallAfter = 30_000 };
        using var client = _hub.Client();
        using var cancel = new CancellationTokenSource();
        var download = client.FileAsync("org/model", "model.safetensors", cancellation: cancel.Token);
        while (!File.Exists(Partial) || new FileInfo(Partial).Length < 30_000) await Task.Delay(5);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
        Assert.Equal(Weights[..30_000], File.ReadAllBytes(Partial));
        _hub.MisbehaveCdn = null;
        Downloads();
    }
}
