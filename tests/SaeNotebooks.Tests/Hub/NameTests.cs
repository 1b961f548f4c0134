using System.Text.Json;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>Names that come from outside and would become paths.</summary>
public class NameTests
{
    public static TheoryData<string> BadFiles => ["../x.json", "a/../../x.json", "/etc/x.json", "a\\..\\x.json", "C:x.json", "C:/x.json", "x\0.json", "x\n.json", "a//x.json", "./x.json", "a/.."];

    [Theory]
    [InlineData("")]
    [MemberData(nameof(BadFiles))]
    public void A_file_name_that_could_lead_out_of_the_cache_is_refused(string name)
    {
        using var hub = new LoopbackHub().With("org/model", ("config.json", [1]));
        using var client = hub.Client();
        var error = Assert.Throws<HubException>(() => client.File("org/model", name));
        Assert.Equal(HubProblem.BadName, error.Problem);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.Empty(hub.Requests);
        Assert.False(Directory.Exists(hub.Options.CacheFolder));
    }

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void So_is_one_in_the_servers_list(string name)
    {
        using var hub = new LoopbackHub().With("org/model", ("config.json", [1]));
        hub.Misbehave = asked => asked.Path.StartsWith("/api/", StringComparison.Ordinal)
            ? new(200, JsonSerializer.SerializeToUtf8Bytes(new { sha = hub.CommitOf("org/model"), siblings = new[] { new { rfilename = "config.json" }, new { rfilename = name } } }))
            : null;
        using var client = hub.Client();
        var error = Assert.Throws<HubException>(() => client.Download("org/model", ["*"]));
        Assert.Equal(HubProblem.BadName, error.Problem);
        Assert.Contains("of org/model", error.Message);
        Assert.False(Directory.Exists(hub.Options.CacheFolder));
    }

    [Theory]
    [InlineData("../etc")]
    [InlineData("org/../x")]
    [InlineData("a/b/c")]
    [InlineData("org/na me")]
    [InlineData("org--x/y")]
    [InlineData("org/x.git")]
    [InlineData("org/\u0430bc")]
    [InlineData("")]
    public void A_repository_name_that_the_hub_does_not_allow_is_refused(string name)
    {
        Assert.Equal(HubProblem.BadName, Assert.Throws<HubException>(() => new HubName(name)).Problem);
        Assert.False(HubName.TryParse(name, out _));
    }

    [Theory]
    [InlineData("../main")]
    [InlineData("/main")]
    [InlineData("a\\b")]
    [InlineData("")]
    public void So_is_a_revision(string revision) => Assert.Equal(HubProblem.BadName, Assert.Throws<HubException>(() => new HubName("org/model", revision)).Problem);

    [Theory]
    [InlineData("google/gemma-2-2b", "google/gemma-2-2b", "main")]
    [InlineData("EleutherAI/pythia-70m-deduped@step1000", "EleutherAI/pythia-70m-deduped", "step1000")]
    [InlineData("org/x@refs/pr/1", "org/x", "refs/pr/1")]
    public void A_name_with_a_slash_names_a_repository_and_maybe_a_revision(string text, string repository, string revision)
    {
        Assert.True(HubName.TryParse(text, out var name));
        Assert.Equal((repository, revision, text), (name.Repository, name.Revision, name.ToString()));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("./folder/x")]
    [InlineData("/folder/x")]
    [InlineData("a/b/c")]
    [InlineData("org/x@")]
    public void Other_text_does_not(string text) => Assert.False(HubName.TryParse(text, out _));
}
